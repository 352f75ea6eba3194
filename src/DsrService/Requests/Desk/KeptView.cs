namespace DsrService.Requests.Desk;

/// <summary>What a system kept after an erasure: why, until when, and whether it is gone by now.</summary>
internal sealed record KeptView(string System, string Category, int Count, string Reason, string? LegalBasis, DateOnly? Until, DateTimeOffset? ErasingSince, DateTimeOffset? EndedAt);
