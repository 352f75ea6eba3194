using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using DsrService.Audit;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.Fulfilment;
using DsrService.Hosting;
using DsrService.Requests;
using DsrService.Sdk;
using DsrService.Sdk.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Response;

/// <summary>Takes in one part of what a system hands over for an access or a portability: streamed, counted, encrypted. A part
/// may be replaced until the receipt; a transfer that fails leaves the part that was there.</summary>
internal sealed partial class ReceiveUpload(
    DsrDbContext db, FileStore store, RequestKeys keys, AuditLog audit, WorkSignal signal, IOptions<DsrOptions> options, TimeProvider time)
{
    private const int LongestContentType = 200;

    /// <param name="Part">Name of the part.</param>
    /// <param name="Category">Its data category.</param>
    /// <param name="Records">How many records it holds.</param>
    /// <param name="Length">Its length in bytes, as kept.</param>
    internal sealed record Output(string Part, string Category, int Records, long Length);

    /// <summary>Takes the part; one without a name is another of its category and replaces none.</summary>
    public async Task<Result<Output>> HandleAsync(
        string controller, string system, Guid taskId, string? part, string? category, string? contentType, Stream body, CancellationToken cancel)
    {
        if (part is not null && !PartName().IsMatch(part))
            return Invalid("upload.part_invalid", "A part is named by 1 to 100 letters, digits, dots, hyphens and underscores; the first is a letter or digit.");
        if (TypeOf(contentType) is not { } type)
            return Invalid("upload.content_type_invalid", "The content type cannot be read.");
        var task = await db.Set<RequestTask>().AsNoTracking()
            .SingleOrDefaultAsync(task => task.Id == taskId && task.Controller == controller && task.System == system, cancel);
        if (task is null)
            return Failure.NotFound("task.not_found");
        var request = await db.Set<DataSubjectRequest>().AsNoTracking().SingleAsync(request => request.Id == task.RequestId, cancel);
        if (!TakesData(task) || !request.Status.IsOpen())
            return Closed();
        if (category is null || !ActsOn(task, category))
            return new Failure("upload.category_not_asked", "Dsr-Category must name a category that the task asks for.", StatusCodes.Status422UnprocessableEntity);

        await using var writer = store.Create(keys.Open(request));
        var records = await ReceiveAsync(body, type, writer, cancel);
        if (records.Failed)
            return records.Failure;
        writer.Complete();
        return await PutInPlaceAsync(request.Id, taskId, part, category, writer.Id, name => new StoredFile
        {
            Id = writer.Id,
            RequestId = request.Id,
            TaskId = taskId,
            Part = name,
            Category = category,
            ContentType = type,
            Length = writer.Length,
            Records = records.Value,
            Hash = writer.Hash,
            CreatedAt = time.GetUtcNow(),
        }, cancel);
    }

    private async Task<Result<int>> ReceiveAsync(Stream body, string type, SealedFileWriter writer, CancellationToken cancel)
    {
        try
        {
            return RecordCounter.IsNdjson(type) ? await ReceiveLinesAsync(body, writer, cancel) : await ReceiveBytesAsync(body, writer, cancel);
        }
        catch (NdjsonException error)
        {
            return new Failure("upload.not_ndjson", error.Message, StatusCodes.Status422UnprocessableEntity);
        }
    }

    private async Task<Result<int>> ReceiveLinesAsync(Stream body, SealedFileWriter writer, CancellationToken cancel)
    {
        var records = 0;
        await foreach (var line in NdjsonLines.ReadAsync(body, cancel))
        {
            records++;
            if (NdjsonLines.Problem(line.Span) is { } problem)
                throw new NdjsonException($"Record {records} {problem}.");
            if (writer.Length + line.Length >= options.Value.LargestUpload)
                return TooLarge();
            await writer.WriteAsync(line, cancel);
            await writer.WriteAsync(LineEnd, cancel);
        }
        return records;
    }

    private async Task<Result<int>> ReceiveBytesAsync(Stream body, SealedFileWriter writer, CancellationToken cancel)
    {
        var buffer = new byte[SealedChunks.PlainLength];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (writer.Length + read > options.Value.LargestUpload)
                return TooLarge();
            await writer.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        return 1;
    }

    private async Task<Result<Output>> PutInPlaceAsync(Guid requestId, Guid taskId, string? part, string category, Guid stored, Func<string, StoredFile> make, CancellationToken cancel)
    {
        StoredFile file;
        StoredFile? former;
        await using (var work = await Work.BeginAsync(db, signal, cancel))
        {
            var request = (await work.LockAsync(requestId, cancel))!;
            var task = await db.Set<RequestTask>().SingleAsync(task => task.Id == taskId, cancel);
            // The receipt may have come while the transfer ran.
            if (!TakesData(task) || !request.Status.IsOpen())
            {
                store.Delete(stored);
                return Closed();
            }
            // Under the request's lock: of two that arrive together neither takes the other's name.
            file = make(part ?? await FreeNameAsync(taskId, category, cancel));
            former = await db.Set<StoredFile>().SingleOrDefaultAsync(other => other.TaskId == taskId && other.Part == file.Part, cancel);
            if (former is not null)
            {
                db.Remove(former);
                await db.SaveChangesAsync(cancel);
            }
            db.Add(file);
            audit.Record(db, request, AuditLog.System(task.Controller, task.System), "data.received",
                new { task = task.Id, file.Part, file.Category, file.Records, file.Length, replaces = former?.Id });
            await work.CommitAsync(cancel);
        }
        if (former is not null)
            store.Delete(former.Id);
        return new Output(file.Part, file.Category!, file.Records, file.Length);
    }

    private async Task<string> FreeNameAsync(Guid taskId, string category, CancellationToken cancel)
    {
        var taken = await db.Set<StoredFile>().Where(other => other.TaskId == taskId && other.Part.StartsWith(category)).Select(other => other.Part).ToListAsync(cancel);
        return Enumerable.Range(1, taken.Count + 1).Select(number => $"{category}-{number}").First(name => !taken.Contains(name));
    }

    private static bool TakesData(RequestTask task) =>
        task is { Action: TaskAction.Access or TaskAction.Export, Preview: false, ReplacedBy: null, Outcome: null }
        && task.State is TaskState.Planned or TaskState.Sent or TaskState.Accepted or TaskState.Failed;

    private static bool ActsOn(RequestTask task, string category) =>
        task.ScopeItems
            .Any(item => item.Category == category && item.Decision == ScopeDecision.Act);

    private static string? TypeOf(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType) ? "application/octet-stream"
        : contentType.Length <= LongestContentType && MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.MediaType
        : null;

    private Failure TooLarge() =>
        new("upload.too_large", $"A part may hold {options.Value.LargestUpload} bytes at most.", StatusCodes.Status413PayloadTooLarge);

    private static Failure Closed() => new("task.takes_no_data", "The task takes no data, or no longer.");

    private static Failure Invalid(string code, string message) => new(code, message, StatusCodes.Status400BadRequest);

    private static readonly byte[] LineEnd = [(byte)'\n'];

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
