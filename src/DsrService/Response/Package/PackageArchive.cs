using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Response.Package;

/// <summary>A zip written in one go from the first byte to the last, with a manifest of every entry's hash at its end.</summary>
internal sealed class PackageArchive(ZipArchive zip, DateTimeOffset at) : IAsyncDisposable
{
    public const string ManifestName = "manifest.json";
    private static readonly PipeOptions Ahead = new(
        pauseWriterThreshold: 16 * SealedChunks.PlainLength, resumeWriterThreshold: 8 * SealedChunks.PlainLength, minimumSegmentSize: SealedChunks.PlainLength, useSynchronizationContext: false);
    private readonly List<Entry> entries = [];

    internal sealed record Entry(string Name, string Sha256, long Length, int? Records);

    private sealed record Manifest(string Reference, string Controller, string Right, DateTimeOffset MadeAt, IReadOnlyList<Entry> Files);

    public static async Task<PackageArchive> CreateAsync(Stream target, DateTimeOffset at, CancellationToken cancel) =>
        new(await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel), at);

    public async Task WriteAsync(string name, CompressionLevel compression, int? records, Func<Stream, Task> write, CancellationToken cancel)
    {
        var entry = zip.CreateEntry(name, compression);
        entry.LastWriteTime = at;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using var content = await entry.OpenAsync(cancel);
        // Reading, decrypting and hashing go on while what came before is packed and encrypted.
        var pipe = new Pipe(Ahead);
        await using var counted = new HashedStream(pipe.Writer.AsStream(leaveOpen: true), hash, stop.Token);
        var filling = Task.Run(() => FillAsync(pipe.Writer, counted, write), CancellationToken.None);
        try
        {
            await pipe.Reader.CopyToAsync(content, cancel);
        }
        finally
        {
            // Where packing failed, nothing more is to be read for it.
            await stop.CancelAsync();
            await pipe.Reader.CompleteAsync();
            await filling;
        }
        entries.Add(new Entry(name, Convert.ToHexStringLower(hash.GetHashAndReset()), counted.Length, records));
    }

    // What fails here is thrown to the one who reads the pipe.
    private static async Task FillAsync(PipeWriter pipe, HashedStream counted, Func<Stream, Task> write)
    {
        Exception? failure = null;
        try
        {
            await using var buffered = new BufferedStream(counted, SealedChunks.PlainLength);
            await write(buffered);
        }
        catch (Exception error)
        {
            failure = error;
        }
        await pipe.CompleteAsync(failure);
    }

    public Task WriteJsonAsync<T>(string name, T value, CancellationToken cancel) =>
        WriteAsync(name, CompressionLevel.Optimal, null, stream => JsonSerializer.SerializeAsync(stream, value, Indented, cancel), cancel);

    public Task WriteManifestAsync(string reference, string controller, string right, CancellationToken cancel) =>
        WriteJsonAsync(ManifestName, new Manifest(reference, controller, right, at, [.. entries]), cancel);

    public ValueTask DisposeAsync() => zip.DisposeAsync();

    private static readonly JsonSerializerOptions Indented = new(DsrJson.Options)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    private sealed class HashedStream(Stream inner, IncrementalHash hash, CancellationToken stop) : Stream
    {
        private long length;

        public override long Length => length;
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer);
            length += buffer.Length;
            inner.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer.Span);
            length += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
