namespace DsrService.Deadlines.Rules;

/// <summary>Art. 12(3): once, by up to two further months, told within the first with the reasons.</summary>
internal static class ExtensionRules
{
    /// <summary>Null where the extension is allowed; <paramref name="dueEnd"/> is the first instant after the first due date.</summary>
    public static ExtensionRefusal? Refuse(DateTimeOffset now, DateTimeOffset dueEnd, bool alreadyExtended, string? reasons) =>
        alreadyExtended ? ExtensionRefusal.AlreadyExtended
        : now >= dueEnd ? ExtensionRefusal.TooLate
        : string.IsNullOrWhiteSpace(reasons) ? ExtensionRefusal.NoReasons
        : null;
}

internal enum ExtensionRefusal
{
    AlreadyExtended,
    TooLate,
    NoReasons,
}
