namespace DsrService.Web.Parts;

/// <summary>One of several things to choose from.</summary>
public sealed record Option(string Value, string Title, string? Hint = null);
