using DsrService.DataMap;

namespace DsrService.Requests.Portal;

internal sealed record ControllerList(IReadOnlyList<ControllerFacts> All);

internal sealed record StartView(ControllerFacts Controller);

internal sealed record SentView(ControllerFacts Controller, string Reference);

/// <summary>The form that asks for a new link; once sent it says the same whatever was typed.</summary>
internal sealed record LinkView(string? Reference, bool Sent, string? Error = null, int Status = StatusCodes.Status200OK);

/// <summary>What the link in a mail leads to: a button, since mail scanners follow links.</summary>
internal sealed record ConfirmView(string Reference, string? Token);

internal sealed record StatusView(ControllerFacts Controller, ReadStatus.Output Status, TimeZoneInfo Zone, string? Refusal);
