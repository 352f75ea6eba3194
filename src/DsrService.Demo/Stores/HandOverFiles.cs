namespace DsrService.Demo.Stores;

/// <summary>Hands files over as they are, one part each, named by number: what the person calls them is personal. However
/// large a file is, no more than a piece of it is in memory.</summary>
internal static class HandOverFiles
{
    public static async Task<int> Handle(TaskWork work, StoreCategory category, FileRows files, UploadPart upload, CancellationToken cancel)
    {
        var found = await Sql.List(work.Connection,
            $"select id, {files.Ending}, {files.ContentType} from {work.Table(category)} where ref = any(@refs) order by id",
            row => (Id: row.GetInt64(0), Ending: row.GetString(1), ContentType: row.GetString(2)), cancel, ("refs", work.Refs));
        var handed = 0;
        foreach (var file in found)
            handed += await upload($"{category.Name}-{file.Id}.{file.Ending}", category.Name, file.ContentType,
                (part, stop) => Write(work, category, files, file.Id, part, stop), cancel);
        return handed;
    }

    private static async Task Write(TaskWork work, StoreCategory category, FileRows files, long id, Stream part, CancellationToken cancel)
    {
        var (piece, times) = (await Sql.List(work.Connection, $"select {files.Content}, {files.Times} from {work.Table(category)} where id = @id",
            row => (row.GetFieldValue<byte[]>(0), row.GetInt32(1)), cancel, ("id", id))).Single();
        for (var time = 0; time < times; time++)
            await part.WriteAsync(piece, cancel);
    }
}
