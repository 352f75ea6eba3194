namespace DsrService.Notices;

/// <summary>Carries one mail to its addressee, outside any transaction.</summary>
internal interface IMailTransport
{
    /// <summary>False while nothing is configured: mails stay queued.</summary>
    bool Ready { get; }

    /// <summary>Sends once; it may happen again for the same <paramref name="messageId"/>, by which a repetition can be
    /// recognised. Never throws for what the network, the server or the address does.</summary>
    Task<MailResult> SendAsync(NoticeContent mail, string messageId, CancellationToken cancel);
}

/// <summary>What became of one attempt.</summary>
/// <param name="Error">A stable code such as <c>mail.unreachable</c>; null where the server took the mail.</param>
/// <param name="Hopeless">Trying again will not help.</param>
internal sealed record MailResult(string? Error, bool Hopeless = false)
{
    public static readonly MailResult Sent = new(Error: null);
}
