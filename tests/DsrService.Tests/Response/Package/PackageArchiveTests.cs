using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using DsrService.Response.Package;

namespace DsrService.Tests.Response.Package;

internal sealed class PackageArchiveTests
{
    // More than is read ahead, so that one side waits for the other.
    private static readonly byte[] Much = RandomNumberGenerator.GetBytes(3 << 20);

    [Test]
    public async Task Write_MoreThanIsReadAhead_IsThereWholeAndHashed()
    {
        using var target = new MemoryStream();
        await using (var archive = await PackageArchive.CreateAsync(target, DateTimeOffset.UnixEpoch.AddYears(20), default))
        {
            await archive.WriteAsync("much.bin", CompressionLevel.Fastest, 7, stream => stream.WriteAsync(Much).AsTask(), default);
            await archive.WriteManifestAsync("DSR-1", "demo", "access", default);
        }

        await using var zip = new ZipArchive(target);
        using var manifest = JsonDocument.Parse(await ReadAsync(zip, PackageArchive.ManifestName));
        var entry = manifest.RootElement.GetProperty("files")[0];
        Assert.Multiple(() =>
        {
            Assert.That(entry.GetProperty("sha256").GetString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Much))));
            Assert.That(entry.GetProperty("length").GetInt64(), Is.EqualTo(Much.Length));
        });
        Assert.That(await ReadAsync(zip, "much.bin"), Is.EqualTo(Much));
    }

    [Test]
    public async Task Write_SourceFailsHalfway_ThrowsWhatItThrew()
    {
        await using var archive = await PackageArchive.CreateAsync(new MemoryStream(), DateTimeOffset.UnixEpoch.AddYears(20), default);

        Assert.That(() => archive.WriteAsync("half.bin", CompressionLevel.Fastest, null, async stream =>
        {
            await stream.WriteAsync(Much);
            throw new CryptographicException("The file was cut off.");
        }, default), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task Write_TargetFails_ThrowsAndReadsNoFurther()
    {
        var blocks = 0;
        var archive = await PackageArchive.CreateAsync(new FullDisk(), DateTimeOffset.UnixEpoch.AddYears(20), default);

        Assert.That(() => archive.WriteAsync("much.bin", CompressionLevel.NoCompression, null, async stream =>
        {
            for (; blocks < 1000; blocks++)
                await stream.WriteAsync(Much);
        }, default), Throws.InstanceOf<IOException>());

        Assert.That(blocks, Is.LessThan(1000));
    }

    private static async Task<byte[]> ReadAsync(ZipArchive zip, string name)
    {
        using var content = new MemoryStream();
        await using var entry = await zip.GetEntry(name)!.OpenAsync();
        await entry.CopyToAsync(content);
        return content.ToArray();
    }

    // However it is written to, a memory stream that somebody derives from ends here.
    private sealed class FullDisk : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > 1 << 20)
                throw new IOException("No space left on device");
            base.Write(buffer, offset, count);
        }
    }
}
