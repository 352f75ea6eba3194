using System.Security.Cryptography;

namespace DsrService.Response;

/// <summary>Encrypts what is written to it, chunk by chunk. Disposed before it is completed, it leaves nothing behind.</summary>
internal sealed class SealedFileWriter : Stream
{
    private readonly string draft;
    private readonly string final;
    private readonly FileStream file;
    private readonly AesGcm aes;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] plain = new byte[SealedChunks.PlainLength];
    private readonly byte[] chunk = new byte[SealedChunks.ChunkLength];
    private int filled;
    private long number;
    private long length;
    private bool complete;
    private bool disposed;

    public SealedFileWriter(Guid id, byte[] key, string draft, string final)
    {
        (Id, this.draft, this.final) = (id, draft, final);
        aes = new AesGcm(key, SealedChunks.TagLength);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        file = new FileStream(draft, options);
        file.Write(SealedChunks.Mark);
    }

    public Guid Id { get; }

    /// <summary>SHA-256 of the plain bytes; known once complete.</summary>
    public byte[] Hash { get; private set; } = [];

    /// <summary>Plain bytes written so far.</summary>
    public override long Length => length;

    /// <summary>Writes the last chunk and puts the file in its place, on disk before this returns.</summary>
    public void Complete()
    {
        WriteChunk(last: true);
        Hash = hash.GetHashAndReset();
        file.Flush(flushToDisk: true);
        File.Move(draft, final, overwrite: false);
        // Once more, so that the new name is on disk too.
        file.Flush(flushToDisk: true);
        complete = true;
    }

    // A file is written by a thread that waits in any case: handing each chunk to another one only adds the way there.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == plain.Length)
                WriteChunk(last: false);
            buffer = buffer[Take(buffer)..];
        }
    }

    private int Take(ReadOnlySpan<byte> buffer)
    {
        var taken = Math.Min(buffer.Length, plain.Length - filled);
        buffer[..taken].CopyTo(plain.AsSpan(filled));
        hash.AppendData(buffer[..taken]);
        filled += taken;
        length += taken;
        return taken;
    }

    // A full chunk waits until more comes, because only then it is known not to be the last.
    private void WriteChunk(bool last)
    {
        SealedChunks.Seal(aes, number++, last, plain.AsSpan(0, filled), chunk);
        file.Write(chunk.AsSpan(0, filled + SealedChunks.TagLength));
        filled = 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            file.Dispose();
            aes.Dispose();
            hash.Dispose();
            CryptographicOperations.ZeroMemory(plain);
            if (!complete)
                File.Delete(draft);
        }
        base.Dispose(disposing);
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => !disposed;
    public override long Position { get => length; set => throw new NotSupportedException(); }
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
