using System.Threading.RateLimiting;
using DsrService.Connectors;
using DsrService.Connectors.Api;
using DsrService.Data;
using DsrService.Data.Sealing;
using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Sdk.Contracts;
using DsrService.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DsrService.Restrictions;

/// <summary>A system asks what holds for a person, before it takes data in again or uses it. One statement reads and one
/// row is written whoever is asked about, so that neither the answer's shape nor its time tells who is known (invariant 8).</summary>
internal sealed class CheckSubject(DsrDbContext db, IdentifierHashes hashes, DataMaps maps, CheckLimits limits, TimeProvider time)
{
    private const int LargestBody = 4 * 1024;

    /// <param name="Kind">A kind of the controller's data map, such as <c>email</c>.</param>
    /// <param name="Value">The value. Personal; it is not kept.</param>
    internal sealed record Input(string? Kind, string? Value);

    private sealed record Found(StandingKind State, string? Purpose);

    public static void Map(IEndpointRouteBuilder systems) => systems.MapPost("/subjects/check", async (SystemCaller caller, HttpRequest http, CheckSubject operation, CancellationToken cancel) =>
    {
        var input = await JsonBody.ReadAsync<Input>(http, LargestBody, cancel);
        if (input.Failed)
            return input.Failure.ToProblem();
        var answer = await operation.HandleAsync(caller, input.Value, cancel);
        return answer.Failed ? answer.Failure.ToProblem().After(answer.Failure) : answer.ToHttp();
    }).WithMetadata(new RouteText("checkSubject", "What holds for a person", "Before data is taken in again or used for something. Answered the same way and in the same time for people that nobody knows; the value is not kept. Asked about somebody whose data was erased, it raises an alarm with the staff that the data may have come back: ask before taking data in, and not for statistics.")
    {
        Body = typeof(Input),
        BodyExample = OpenApiDocument.Written(new Input("email", "ada.lind@example.org")),
        Answer = typeof(SubjectCheck),
        AnswerExample = OpenApiDocument.Written(new SubjectCheck(false, ["direct-marketing"], false)),
        AnswerText = "What holds now.",
        Problems = [.. ProblemText.OfBody(LargestBody), new(429, "http.too_many_requests", "There were too many questions in a minute.")],
    });

    public async Task<Result<SubjectCheck>> HandleAsync(SystemCaller caller, Input input, CancellationToken cancel)
    {
        // Counted first: a wrong kind is as good a guess as a wrong value.
        if (limits.Refuse(caller) is { } refusal)
            return refusal;
        var map = (await maps.CurrentAsync(caller.Controller, cancel))!.Map;
        var kind = map.FindIdentifierKind(input.Kind ?? "");
        if (kind is null)
            return Wrong("kind", $"Not one of: {string.Join(", ", map.IdentifierKinds.Select(known => known.Key))}.");
        if (string.IsNullOrWhiteSpace(input.Value) || !kind.Accepts(input.Value))
            return Wrong("value", "Not a value of this kind.");
        var hash = (await hashes.ForAsync(db, caller.Controller, cancel)).Identifier(kind.Key, kind.Normalise(input.Value));
        var found = await AskAsync(caller, kind.Key, hash, cancel);
        return new SubjectCheck(
            found.Exists(row => row.State == StandingKind.Restriction),
            [.. found.Where(row => row.State is StandingKind.Objection or StandingKind.Suppression).Select(row => row.Purpose!).Distinct().Order(StringComparer.Ordinal)],
            found.Exists(row => row.State == StandingKind.Erasure));
    }

    private async Task<List<Found>> AskAsync(SystemCaller caller, string kind, byte[] hash, CancellationToken cancel)
    {
        var (id, now) = (Guid.CreateVersion7(), time.GetUtcNow());
        var rows = await db.Database.SqlQuery<Row>($"""
            WITH found AS (
                SELECT id, state, purpose FROM dsr.subject_states
                WHERE controller = {caller.Controller} AND kind = {kind} AND ended_at IS NULL
                  AND (hash = {hash} OR state <> 'erasure' AND hash IN (
                       SELECT former_hash FROM dsr.identifier_successions WHERE controller = {caller.Controller} AND kind = {kind} AND hash = {hash}))),
            noted AS (
                INSERT INTO dsr.subject_checks (id, controller, system, asked_at, erasure)
                VALUES ({id}, {caller.Controller}, {caller.System}, {now}, (SELECT id FROM found WHERE state = 'erasure' ORDER BY id DESC LIMIT 1)))
            SELECT DISTINCT state AS "State", purpose AS "Purpose" FROM found
            """).ToListAsync(cancel);
        return rows.ConvertAll(row => new Found(DsrJson.TryParseKebab<StandingKind>(row.State, out var state) ? state : throw new InvalidOperationException($"'{row.State}' is no state."), row.Purpose));
    }

    private static Failure Wrong(string path, string message) => Failure.Invalid(new Dictionary<string, string[]> { [path] = [message] });

    private sealed class Row
    {
        public required string State { get; init; }
        public string? Purpose { get; init; }
    }
}

/// <summary>How many questions a minute one system may ask, by the true clock.</summary>
internal sealed class CheckLimits(IOptions<DsrOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<SystemCaller> limiter = PartitionedRateLimiter.Create<SystemCaller, SystemCaller>(caller =>
        RateLimitPartition.GetFixedWindowLimiter(caller, _ => new FixedWindowRateLimiterOptions { PermitLimit = options.Value.RateLimits.ChecksPerMinute, Window = Window, QueueLimit = 0 }));

    public Failure? Refuse(SystemCaller caller)
    {
        using var lease = limiter.AttemptAcquire(caller);
        return lease.IsAcquired ? null : RateLimits.Refusal(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window);
    }

    public void Dispose() => limiter.Dispose();
}
