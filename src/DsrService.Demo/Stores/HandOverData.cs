using System.Text;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;

namespace DsrService.Demo.Stores;

/// <summary>Hands over a person's rows (Art. 15), or those provided by or observed of the person (Art. 20): one part of
/// NDJSON a category, streamed row by row, or one part a file.</summary>
internal static class HandOverData
{
    public static async Task<ReceiptDraft> Handle(TaskWork work, UploadPart upload, CancellationToken cancel)
    {
        var draft = new ReceiptDraft();
        await work.Store.BeforeReading(work, draft, cancel);
        foreach (var category in work.Acted.Where(category => work.Task.Action is TaskAction.Access || category.Provided))
        {
            var rows = await work.Count(category, "ref = any(@refs)", cancel);
            if (rows > 0 && !work.Task.Preview)
                rows = category.Files is { } files
                    ? await HandOverFiles.Handle(work, category, files, upload, cancel)
                    : await upload($"{category.Name}.ndjson", category.Name, RecordCounter.Ndjson, (part, stop) => Write(work, category, part, stop), cancel);
            draft.Handed(category.Name, rows);
        }

        await LocateSubject.GiveIdentifiers(work, draft, cancel);
        return draft;
    }

    private static async Task Write(TaskWork work, StoreCategory category, Stream part, CancellationToken cancel)
    {
        await using var lines = new StreamWriter(part, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        await foreach (var row in work.Store.Read(work, category, cancel))
            await lines.WriteLineAsync(row.AsMemory(), cancel);
    }
}

/// <summary>Uploads one part of a category and says how many records arrived; what writes may be called again.</summary>
internal delegate Task<int> UploadPart(
    string part, string category, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancel);
