using System.Text.Encodings.Web;
using System.Text.Json;
using DsrService.Sdk.Contracts;

namespace DsrService.Sdk;

/// <summary>One task as its handler sees it. While the handler works the service hears a heartbeat by itself.</summary>
public sealed class TaskContext
{
    private readonly Upload upload;
    private readonly Dictionary<string, (string Category, int Records)> parts = [];

    internal TaskContext(SystemTask task, TaskAction? verifiedAction, Upload upload)
    {
        Task = task;
        VerifiedAction = verifiedAction;
        this.upload = upload;
    }

    /// <summary>Streams one part to the service; may be called again for the same part, which replaces it.</summary>
    internal delegate Task Upload(
        string part, string category, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancel);

    /// <summary>The task with identifiers and corrections opened.</summary>
    public SystemTask Task { get; }

    /// <summary>What is to be done.</summary>
    public TaskAction Action => Task.Action;

    /// <summary>If true nothing may be changed and nothing handed over; the receipt says what would be.</summary>
    public bool Preview => Task.Preview;

    /// <summary>Who the person is: every identifier of the task, verified or not.</summary>
    public IReadOnlyList<SubjectIdentifier> Identifiers => Task.Identifiers ?? [];

    /// <summary>New values, for a rectification.</summary>
    public IReadOnlyList<Correction> Corrections => Task.Corrections ?? [];

    /// <summary>What happens to each category.</summary>
    public IReadOnlyList<ScopeItem> Scope => Task.Scope;

    /// <summary>For <see cref="TaskAction.Verify"/>: the action whose effect is asked about, if the receipt store still
    /// knows it.</summary>
    public TaskAction? VerifiedAction { get; }

    /// <summary>Values of a kind that may find the person: the verified ones, and the others where the action
    /// <see cref="ActsOnUnverified"/>.</summary>
    public IEnumerable<Personal<string>> Values(string kind) => Identifiers
        .Where(identifier => identifier.Kind == kind && (identifier.Verified || ActsOnUnverified(Action)))
        .Select(identifier => identifier.Value);

    /// <summary>Whether an action may go by an identifier that nobody has verified. An objection to direct marketing needs
    /// no proof of identity (Art. 21(3)): stopping may, and so may finding where to stop and looking whether it has
    /// stopped. Neither tells the person anything. The service sends unverified identifiers for nothing else.</summary>
    public static bool ActsOnUnverified(TaskAction action) =>
        action is TaskAction.StopProcessing or TaskAction.Locate or TaskAction.Verify;

    /// <summary>Whether a category is to be acted on. Categories the task does not name are left alone.</summary>
    public bool ActsOn(string category) =>
        Scope.Any(item => item.Category == category && item.Decision is ScopeDecision.Act);

    /// <summary>Whether a category is to be kept, and why and until when.</summary>
    public ScopeItem? Kept(string category) =>
        Scope.FirstOrDefault(item => item.Category == category && item.Decision is ScopeDecision.Keep);

    /// <summary>Hands over one part of what was found, streamed. The same part name replaces what was there.</summary>
    /// <param name="part">A name for the part: letters, digits, dot, underscore and hyphen, at most 100. Not personal.</param>
    /// <param name="category">The data category.</param>
    /// <param name="contentType">Such as <c>application/x-ndjson</c> (one record a line) or <c>image/png</c> (one record).</param>
    /// <param name="write">Writes the content; called again from the start when a transfer has to be repeated.</param>
    /// <param name="cancel">Stops the transfer.</param>
    /// <returns>The number of records in the part, for the receipt.</returns>
    /// <exception cref="TaskFailedException">The service could not be reached or did not take it.</exception>
    public async Task<int> UploadAsync(
        string part, string category, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(write);
        RecordCounter counter = new(contentType);
        await upload(part, category, contentType, WriteCounted, cancel);
        parts[part] = (category, counter.Records);
        return counter.Records;

        async Task WriteCounted(Stream target, CancellationToken stop)
        {
            counter = new(contentType);
            var counted = new CountedStream(target, counter);
            await using (counted)
                await write(counted, stop);
        }
    }

    /// <summary>Hands over records as one part of NDJSON, without holding them all in memory.</summary>
    /// <param name="category">The data category, which also names the part.</param>
    /// <param name="records">The records; enumerated again when a transfer has to be repeated.</param>
    /// <param name="cancel">Stops the transfer.</param>
    /// <returns>The number of records, for the receipt.</returns>
    /// <exception cref="TaskFailedException">The service could not be reached or did not take it.</exception>
    public Task<int> UploadRecordsAsync<T>(string category, IAsyncEnumerable<T> records, CancellationToken cancel) =>
        UploadAsync(category, category, RecordCounter.Ndjson, async (target, stop) =>
        {
            await using var buffered = new BufferedStream(target, 64 * 1024);
            await foreach (var record in records.WithCancellation(stop))
            {
                await buffered.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(record, NdjsonOptions), stop);
                await buffered.WriteAsync(LineEnd, stop);
            }
        }, cancel);

    internal static IEnumerable<Personal<string>> Values(SystemTask task, string kind) => (task.Identifiers ?? [])
        .Where(identifier => identifier.Kind == kind && (identifier.Verified || ActsOnUnverified(task.Action)))
        .Select(identifier => identifier.Value);

    internal IReadOnlyDictionary<string, int> Uploaded() => parts.Values
        .GroupBy(part => part.Category)
        .ToDictionary(group => group.Key, group => group.Sum(part => part.Records));

    private static readonly byte[] LineEnd = [(byte)'\n'];

    private static readonly JsonSerializerOptions NdjsonOptions =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
