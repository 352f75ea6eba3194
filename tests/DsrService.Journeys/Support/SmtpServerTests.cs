using System.Net;
using System.Net.Mail;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DsrService.Testing;

internal sealed class SmtpServerTests
{
    [Test]
    public async Task Mail_WithStartTlsAndSignIn_IsKept()
    {
        await using var smtp = await SmtpServer.StartAsync();

        var replies = await TalkAsync(smtp, SmtpServer.Password);

        var mail = await smtp.WaitForAsync("ada.lind@example.org");
        Assert.Multiple(() =>
        {
            Assert.That(replies, Does.Contain("235"));
            Assert.That(mail.Subject, Is.EqualTo("Grüße"));
            Assert.That(mail.Text, Does.Contain("hello"));
            Assert.That(mail.Encrypted, Is.True);
            Assert.That(mail.SignedIn, Is.True);
        });
    }

    [Test]
    public async Task Mail_WithAWrongPassword_IsRefused()
    {
        await using var smtp = await SmtpServer.StartAsync();

        var replies = await TalkAsync(smtp, "wrong");

        Assert.That(replies, Does.Contain("535"));
        Assert.That(smtp.Mails, Is.Empty);
    }

    [Test]
    public async Task Mail_WithoutEncryption_IsRefused()
    {
        await using var smtp = await SmtpServer.StartAsync();
        using var client = new SmtpClient("127.0.0.1", smtp.Port) { Credentials = new NetworkCredential(SmtpServer.User, SmtpServer.Password) };

        Assert.That(
            async () => await client.SendMailAsync("a@example.org", "b@example.org", "subject", "text"),
            Throws.InstanceOf<SmtpException>());
        Assert.That(smtp.Mails, Is.Empty);
    }

    private static async Task<string> TalkAsync(SmtpServer smtp, string password)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, smtp.Port);
        var replies = new StringBuilder();

        using var trusted = X509CertificateLoader.LoadCertificateFromFile(smtp.CertificateFile);
        await using var plain = client.GetStream();
        await SayAsync(plain, replies, null, "EHLO tests", "STARTTLS");
        await using var secure = new SslStream(plain, true, (_, certificate, _, _) => certificate!.GetCertHashString() == trusted.GetCertHashString());
        await secure.AuthenticateAsClientAsync("localhost");

        var signIn = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{SmtpServer.User}\0{password}"));
        const string message = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: text/plain\r\n\r\nhello\r\n.";
        await SayAsync(
            secure, replies, "EHLO tests", $"AUTH PLAIN {signIn}", "MAIL FROM:<dsr@example.org>", "RCPT TO:<ada.lind@example.org>", "DATA", message, "QUIT");
        return replies.ToString();
    }

    private static async Task SayAsync(Stream stream, StringBuilder replies, params string?[] lines)
    {
        foreach (var line in lines)
        {
            if (line is not null)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
            }
            var reply = await ReplyAsync(stream);
            replies.AppendLine(reply);
            if (reply.StartsWith('5'))
            {
                return;
            }
        }
    }

    /// <summary>The last line of a reply: those before it have a dash after the code.</summary>
    private static async Task<string> ReplyAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] != '\n')
            {
                line.Append((char)one[0]);
                continue;
            }
            if (line.Length < 4 || line[3] != '-')
            {
                return line.ToString();
            }
            line.Clear();
        }
        return line.ToString();
    }
}
