using System.Security.Cryptography;
using DsrService.Data.Sealing;
using DsrService.Hosting;
using DsrService.Response;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Response;

internal sealed class FileStoreTests
{
    private readonly string folder = Directory.CreateTempSubdirectory("dsr-files").FullName;
    private readonly DataKey key = new(DataKey.NewBytes());
    private FileStore store = null!;

    [SetUp]
    public void SetUp() => store = new FileStore(Options.Create(new DsrOptions { Files = folder }));

    [OneTimeTearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(SealedChunks.PlainLength - 1)]
    [TestCase(SealedChunks.PlainLength)]
    [TestCase(SealedChunks.PlainLength + 1)]
    [TestCase(3 * SealedChunks.PlainLength)]
    [TestCase(200_000)]
    public async Task Open_OfWhatWasWritten_GivesTheSameBytes(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);

        var (id, hash) = await WriteAsync(plain, step: 50_001);

        Assert.Multiple(() =>
        {
            Assert.That(Read(id), Is.EqualTo(plain));
            Assert.That(hash, Is.EqualTo(SHA256.HashData(plain)));
        });
    }

    [Test]
    public async Task Complete_File_HoldsNothingReadable()
    {
        var plain = new byte[150_000];
        plain.AsSpan().Fill((byte)'A');

        var (id, _) = await WriteAsync(plain);

        Assert.That(File.ReadAllBytes(PathOf(id)).AsSpan().IndexOf("AAAAAAAA"u8), Is.EqualTo(-1));
    }

    [Test]
    public async Task Open_FlippedBit_IsRefused()
    {
        var (id, _) = await WriteAsync(new byte[100_000]);
        Tamper(id, bytes => bytes[70_000] ^= 1);

        Assert.That(() => Read(id), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Open_CutOffBetweenChunks_IsRefused([Values(0, 1, 2)] int chunksLeft)
    {
        var (id, _) = await WriteAsync(new byte[3 * SealedChunks.PlainLength]);
        var path = PathOf(id);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..(SealedChunks.Mark.Length + chunksLeft * SealedChunks.ChunkLength)]);

        Assert.That(() => Read(id), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Open_ChunksExchanged_IsRefused()
    {
        var (id, _) = await WriteAsync(new byte[3 * SealedChunks.PlainLength]);
        Tamper(id, bytes =>
        {
            var first = bytes.AsSpan(SealedChunks.Mark.Length, SealedChunks.ChunkLength).ToArray();
            var second = bytes.AsSpan(SealedChunks.Mark.Length + SealedChunks.ChunkLength, SealedChunks.ChunkLength);
            second.CopyTo(bytes.AsSpan(SealedChunks.Mark.Length));
            first.CopyTo(second);
        });

        Assert.That(() => Read(id), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Open_ChunkAdded_IsRefused()
    {
        var (id, _) = await WriteAsync(new byte[SealedChunks.PlainLength]);
        var path = PathOf(id);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, [.. bytes, .. bytes[SealedChunks.Mark.Length..]]);

        Assert.That(() => Read(id), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Open_AnotherFileUnderThisName_IsRefused()
    {
        var (mine, _) = await WriteAsync(new byte[1000]);
        var (other, _) = await WriteAsync(new byte[1000]);
        File.Copy(PathOf(other), PathOf(mine), overwrite: true);

        Assert.That(() => Read(mine), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Open_WithTheKeyOfAnotherRequest_IsRefused()
    {
        var (id, _) = await WriteAsync(new byte[1000]);

        Assert.That(() => store.Open(id, new DataKey(DataKey.NewBytes())).ReadByte(), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public void Dispose_BeforeComplete_LeavesNothing()
    {
        using (var writer = store.Create(key))
            writer.Write(new byte[100_000]);

        Assert.That(store.All(), Is.Empty);
    }

    [Test]
    public async Task Delete_FinishedFile_IsGone()
    {
        var (id, _) = await WriteAsync(new byte[10]);

        store.Delete(id);
        store.Delete(id);

        Assert.That(store.All().Select(file => file.Id), Has.None.EqualTo(id));
    }

    [Test]
    public async Task Write_LargeFile_TakesConstantMemory()
    {
        var block = new byte[1 << 20];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Guid id;
        await using (var writer = store.Create(key))
        {
            for (var written = 0; written < 64; written++)
                await writer.WriteAsync(block);
            writer.Complete();
            id = writer.Id;
        }
        await using (var reader = store.Open(id, key))
            while (await reader.ReadAsync(block) > 0)
            {
                // Only the reading counts.
            }

        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(8 << 20));
        store.Delete(id);
    }

    [TearDown]
    public void Empty()
    {
        foreach (var (path, _, _) in store.All().ToList())
            File.Delete(path);
    }

    private async Task<(Guid Id, byte[] Hash)> WriteAsync(byte[] plain, int step = 1 << 20)
    {
        await using var writer = store.Create(key);
        for (var at = 0; at < plain.Length; at += step)
            await writer.WriteAsync(plain.AsMemory(at, Math.Min(step, plain.Length - at)));
        writer.Complete();
        return (writer.Id, writer.Hash);
    }

    private byte[] Read(Guid id)
    {
        using var reader = store.Open(id, key);
        using var plain = new MemoryStream();
        reader.CopyTo(plain);
        return plain.ToArray();
    }

    private string PathOf(Guid id) => store.All().Single(file => file.Id == id).Path;

    private void Tamper(Guid id, Action<byte[]> change)
    {
        var path = PathOf(id);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
