using DsrService.Data.Sealing;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Response;

/// <summary>The encrypted files of what systems hand over and of finished packages (invariant 12). A file's name is its
/// id; what it is called and whose it is stands in Postgres. Without a row a file is litter, which
/// <see cref="SweepFiles"/> takes away.</summary>
internal sealed class FileStore(IOptions<DsrOptions> options)
{
    private const string Finished = ".dsr";
    private const string Partial = ".part";

    /// <summary>A new file, under its final name only once <see cref="SealedFileWriter.Complete"/> has it safely on disk.
    /// Each writing has an id, and so a key, of its own.</summary>
    public SealedFileWriter Create(DataKey key)
    {
        var id = Guid.CreateVersion7();
        var folder = FolderOf(id);
        Directory.CreateDirectory(folder);
        return new SealedFileWriter(id, key.FileKey(id), Path.Combine(folder, Name(id) + Partial), PathOf(id));
    }

    /// <summary>The plain bytes, in order, constant in memory. Reading throws where anything was changed, left out or cut off.</summary>
    public Stream Open(Guid id, DataKey key) => new SealedFileReader(PathOf(id), key.FileKey(id));

    public void Delete(Guid id)
    {
        if (Directory.Exists(FolderOf(id)))
            File.Delete(PathOf(id));
    }

    /// <summary>Every file there is; null ids stand for files being written or left behind by a killed process.</summary>
    public IEnumerable<(string Path, Guid? Id, DateTime WrittenAt)> All() =>
        Directory.Exists(options.Value.Files)
            ? Directory.EnumerateFiles(options.Value.Files, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is Finished or Partial)
                .Select(path => (path, IdOf(path), File.GetLastWriteTimeUtc(path)))
            : [];

    private static Guid? IdOf(string path) =>
        Path.GetExtension(path) == Finished && Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out var id) ? id : null;

    private static string Name(Guid id) => id.ToString("N");

    // The last digits are random, the first are the time: spread over 256 folders.
    private string FolderOf(Guid id) => Path.Combine(options.Value.Files, Name(id)[^2..]);

    private string PathOf(Guid id) => Path.Combine(FolderOf(id), Name(id) + Finished);
}
