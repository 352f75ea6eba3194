namespace DsrService.Web.Parts;

/// <summary>One thing that happened, at the reader's local time. Tones: null, <c>bad</c>.</summary>
public sealed record TimelineStep(DateTimeOffset At, string Text, string? Tone = null);
