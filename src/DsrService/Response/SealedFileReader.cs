using System.Security.Cryptography;

namespace DsrService.Response;

/// <summary>Decrypts an encrypted file chunk by chunk; no byte is given out before its chunk has been authenticated.</summary>
internal sealed class SealedFileReader : Stream
{
    private readonly FileStream file;
    private readonly AesGcm aes;
    private readonly byte[] plain = new byte[SealedChunks.PlainLength];
    private readonly byte[] chunk = new byte[SealedChunks.ChunkLength];
    private readonly long chunks;
    private long number;
    private int start;
    private int end;

    public SealedFileReader(string path, byte[] key)
    {
        aes = new AesGcm(key, SealedChunks.TagLength);
        file = new FileStream(path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
        Span<byte> mark = stackalloc byte[SealedChunks.Mark.Length];
        if (file.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false) < mark.Length || !mark.SequenceEqual(SealedChunks.Mark))
        {
            Dispose();
            throw new CryptographicException("Not a file of this store.");
        }
        chunks = (file.Length - mark.Length + SealedChunks.ChunkLength - 1) / SealedChunks.ChunkLength;
        if (chunks == 0)
        {
            Dispose();
            throw new CryptographicException("The file was cut off.");
        }
    }

    // As with writing: a file is read by a thread that waits in any case.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override int Read(Span<byte> buffer)
    {
        while (start == end && number < chunks && !buffer.IsEmpty)
            Open(file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false));
        return Give(buffer);
    }

    private void Open(int read)
    {
        if (read < SealedChunks.TagLength)
            throw new CryptographicException("The file was cut off.");
        SealedChunks.Open(aes, number, last: number == chunks - 1, chunk.AsSpan(0, read), plain);
        number++;
        (start, end) = (0, read - SealedChunks.TagLength);
    }

    private int Give(Span<byte> buffer)
    {
        var given = Math.Min(buffer.Length, end - start);
        plain.AsSpan(start, given).CopyTo(buffer);
        start += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            aes.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
