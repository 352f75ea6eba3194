using DsrService.Requests.Desk;

namespace DsrService.Fulfilment.Desk;

/// <summary>How the pages of systems call things. Their times are in UTC, since an administrator sees several controllers.</summary>
internal static class SystemWords
{
    public static string At(DateTimeOffset instant) => $"{DeskWords.At(instant.ToUniversalTime())} UTC";

    public static string Why(StopView stop) =>
        (stop.By is { } by ? $" by {by}" : "") + (stop.Reason is { } reason ? $": {reason.TrimEnd('.')}" : "");

    public static string Tone(SystemHealth health) => health switch
    {
        SystemHealth.Ok => "good",
        SystemHealth.Failing or SystemHealth.NotConnected or SystemHealth.CircuitOpen or SystemHealth.NotInDataMap => "bad",
        SystemHealth.Stopped => "warn",
        _ => "",
    };

    public static string Reached(Binding binding) => binding switch
    {
        Binding.Bus => "Message bus",
        Binding.Http => "HTTP push",
        Binding.Pull => "Fetches its tasks",
        Binding.Sql => "Database mapping",
        Binding.Manual => "By hand",
        _ => "OpenDSR",
    };
}
