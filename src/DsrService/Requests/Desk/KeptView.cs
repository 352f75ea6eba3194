namespace DsrService.Requests.Desk;

/// <summary>What a system kept after an erasure: why, until when, and whether it is gone by now. <c>Overdue</c>: its day is over
/// and no task can erase it, since the system gave no handle.</summary>
internal sealed record KeptView(string System, string Category, int Count, string Reason, string? LegalBasis, DateOnly? Until, DateTimeOffset? ErasingSince, DateTimeOffset? EndedAt, bool Overdue);
