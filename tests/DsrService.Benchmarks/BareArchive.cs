using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace DsrService.Benchmarks;

/// <summary>Plain files into one zip, encrypted in chunks on its way to the disk: what the same bytes cost without a service.</summary>
internal static class BareArchive
{
    private const int Chunk = 64 * 1024;

    /// <summary>Files of one entry are put together, as the service does with the parts of a category.</summary>
    public static async Task WriteAsync(string target, IEnumerable<IReadOnlyList<string>> entries, CompressionLevel level)
    {
        await using var sealing = new Sealing(target);
        await using (var zip = await ZipArchive.CreateAsync(sealing, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
            foreach (var files in entries)
            {
                await using var entry = await zip.CreateEntry(Path.GetFileName(files[0]), level).OpenAsync();
                foreach (var file in files)
                {
                    await using var plain = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, Chunk, useAsync: true);
                    await plain.CopyToAsync(entry, Chunk);
                }
            }
        sealing.Complete();
    }

    private sealed class Sealing(string target) : Stream
    {
        private readonly FileStream file = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        private readonly AesGcm aes = new(RandomNumberGenerator.GetBytes(32), 16);
        private readonly byte[] plain = new byte[Chunk];
        private readonly byte[] sealedChunk = new byte[Chunk + 16];
        private int filled;
        private long number;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Complete()
        {
            Seal();
            file.Flush(flushToDisk: true);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var taken = Math.Min(buffer.Length, Chunk - filled);
                buffer[..taken].CopyTo(plain.AsSpan(filled));
                buffer = buffer[taken..];
                filled += taken;
                if (filled == Chunk)
                    Seal();
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            aes.Dispose();
            file.Dispose();
            base.Dispose(disposing);
        }

        private void Seal()
        {
            Span<byte> nonce = stackalloc byte[12];
            BinaryPrimitives.WriteInt64BigEndian(nonce, number++);
            aes.Encrypt(nonce, plain.AsSpan(0, filled), sealedChunk.AsSpan(0, filled), sealedChunk.AsSpan(filled, 16));
            file.Write(sealedChunk.AsSpan(0, filled + 16));
            filled = 0;
        }
    }
}
