using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DsrService.Hosting;
using Microsoft.Extensions.Options;

namespace DsrService.Notices;

/// <summary>Sends by SMTP with STARTTLS and sign-in.</summary>
internal sealed class SmtpTransport(IOptions<DsrOptions> options) : IMailTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SmtpAddress? server = SmtpAddress.TryParse(options.Value.Mail.Smtp ?? "", out var address) ? address : null;

    public bool Ready => server is not null;

    public async Task<MailResult> SendAsync(NoticeContent mail, string messageId, CancellationToken cancel)
    {
        // One address and nothing else: a display name or a list would come from outside.
        if (!MailAddress.TryCreate(mail.To, out var to) || to.Address != mail.To)
            return new MailResult("mail.address_invalid", Hopeless: true);
        using var message = Compose(mail, to, messageId);
        using var client = new SmtpClient(server!.Host, server.Port) { EnableSsl = server.Encrypted, DeliveryFormat = SmtpDeliveryFormat.International };
        if (server.User is not null)
            client.Credentials = new NetworkCredential(server.User, options.Value.Mail.Password);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(message, patience.Token);
            return MailResult.Sent;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new MailResult("mail.timeout");
        }
        catch (SmtpException error)
        {
            return ResultOf(error);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or InvalidOperationException or FormatException)
        {
            return new MailResult(error is AuthenticationException ? "mail.certificate" : "mail.unreachable");
        }
    }

    private MailMessage Compose(NoticeContent mail, MailAddress to, string messageId)
    {
        var message = new MailMessage(new MailAddress(options.Value.Mail.From), to)
        {
            Subject = OneLine(mail.Subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        message.Headers["Message-ID"] = $"<{messageId}@{message.From!.Host}>";
        message.Headers["Auto-Submitted"] = "auto-generated";
        if (mail.Html is not null)
        {
            var html = AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html);
            html.TransferEncoding = TransferEncoding.QuotedPrintable;
            message.AlternateViews.Add(html);
        }
        return message;
    }

    // A line break in a header would begin another header.
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static MailResult ResultOf(SmtpException error) => error.StatusCode switch
    {
        SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.MailboxNameNotAllowed or SmtpStatusCode.UserNotLocalTryAlternatePath
            or SmtpStatusCode.TransactionFailed => new MailResult("mail.refused", Hopeless: true),
        SmtpStatusCode.GeneralFailure => new MailResult(error.InnerException is AuthenticationException ? "mail.certificate" : "mail.unreachable"),
        SmtpStatusCode.MustIssueStartTlsFirst or SmtpStatusCode.ClientNotPermitted => new MailResult("mail.sign_in_refused"),
        _ => new MailResult("mail.not_taken"),
    };
}
