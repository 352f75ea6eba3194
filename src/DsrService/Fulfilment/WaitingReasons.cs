namespace DsrService.Fulfilment;

/// <summary>For whom or what a request waits, as <see cref="Requests.DataSubjectRequest.WaitingFor"/> keeps it.</summary>
internal static class WaitingReasons
{
    public const string Identity = "identity";
    public const string Questions = "answers-to-questions";
    public const string Approval = "approval";
    public const string Systems = "systems";

    /// <summary>All tasks have ended; the package is being put together.</summary>
    public const string Package = "package";

    public const string Answer = "answer";
}
