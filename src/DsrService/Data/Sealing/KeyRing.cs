using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Data.Sealing;

/// <summary>The key-encryption keys, one a month, in a folder outside Postgres (invariant 5). They wrap data keys and
/// nothing else; a wrapped key opens only under the name it was wrapped for.</summary>
internal sealed class KeyRing(IOptions<DsrOptions> options, TimeProvider time)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("0123456789-");
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (byte[] Key, long ReadAt)> keys = new(StringComparer.Ordinal);

    /// <summary>The month's key, made when first asked for.</summary>
    public string CurrentId => time.GetUtcNow().ToString("'kek-'yyyy-MM", CultureInfo.InvariantCulture);

    public (byte[] Wrapped, string KeyId) Wrap(string name, byte[] key)
    {
        var id = CurrentId;
        var wrapped = new byte[NonceLength + TagLength + key.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceLength));
        using var aes = new AesGcm(Read(id, create: true), TagLength);
        aes.Encrypt(wrapped.AsSpan(0, NonceLength), key, wrapped.AsSpan(NonceLength + TagLength), wrapped.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(name));
        return (wrapped, id);
    }

    public byte[] Unwrap(string name, ReadOnlySpan<byte> wrapped, string keyId)
    {
        var key = new byte[wrapped.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Read(keyId, create: false), TagLength);
        aes.Decrypt(wrapped[..NonceLength], wrapped[(NonceLength + TagLength)..], wrapped.Slice(NonceLength, TagLength), key, Encoding.UTF8.GetBytes(name));
        return key;
    }

    /// <summary>The ids there are, oldest first.</summary>
    public IReadOnlyList<string> Ids() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "kek-*.key").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The last day on which a key wraps anything.</summary>
    public static DateOnly LastDayOf(string id) =>
        DateOnly.ParseExact(id, "'kek-'yyyy-MM", CultureInfo.InvariantCulture).AddMonths(1).AddDays(-1);

    /// <summary>After this nothing that only this key wraps can ever be read again, restored from a backup or not.</summary>
    public void Destroy(string id)
    {
        var path = PathOf(id);
        if (!File.Exists(path))
            return;
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(64));
        File.Delete(path);
        keys.TryRemove(id, out _);
    }

    private string Folder => options.Value.Keys;

    private byte[] Read(string id, bool create)
    {
        // Read again now and then: a key that another process destroyed must not live on in this one's memory.
        if (keys.TryGetValue(id, out var known) && Environment.TickCount64 - known.ReadAt < Remembered.TotalMilliseconds)
            return known.Key;
        keys.TryRemove(id, out _);
        var path = PathOf(id);
        if (create && !File.Exists(path))
            Create(path);
        var key = Convert.FromBase64String(File.ReadAllText(path));
        keys[id] = (key, Environment.TickCount64);
        return key;
    }

    private void Create(string path)
    {
        Directory.CreateDirectory(Folder);
        var draft = $"{path}.{Guid.CreateVersion7():N}";
        using (var file = new FileStream(draft, NewFile))
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        try
        {
            // Several processes may come to a new month at once: the first one's key is everybody's.
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    private static FileStreamOptions NewFile => OperatingSystem.IsWindows()
        ? new() { Mode = FileMode.CreateNew, Access = FileAccess.Write }
        : new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };

    private string PathOf(string id)
    {
        if (!id.StartsWith("kek-", StringComparison.Ordinal) || id.AsSpan(4).ContainsAnyExcept(IdCharacters))
            throw new ArgumentException("Not the id of a key-encryption key.", nameof(id));
        return Path.Combine(Folder, id + ".key");
    }
}
