using System.Net;
using System.Security.Cryptography.X509Certificates;
using DsrService.Hosting;
using DsrService.Notices;
using DsrService.Testing;
using Microsoft.Extensions.Options;

namespace DsrService.Tests.Notices;

internal sealed class SmtpTransportTests
{
    private SmtpServer server = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        server = await SmtpServer.StartAsync();
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(server.CertificateFile);
        var thumbprint = certificate.Thumbprint;
#pragma warning disable SYSLIB0014 // SmtpClient knows no other way to trust a test's certificate.
        ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint;
#pragma warning restore SYSLIB0014
    }

    [OneTimeTearDown]
    public async Task TearDown() => await server.DisposeAsync();

    [Test]
    public async Task Send_ToARealServer_IsEncryptedSignedInAndWhole()
    {
        var result = await Transport().SendAsync(new NoticeContent("åsa@example.org", "Svar på din begäran", "Hej Åsa,\n\n.\nen rad\n", "<p>Hej Åsa</p>"), "0190c3", default);

        Assert.That(result, Is.EqualTo(MailResult.Sent));
        var mail = await server.WaitForAsync("åsa@example.org");
        Assert.Multiple(() =>
        {
            Assert.That((mail.Encrypted, mail.SignedIn, mail.From), Is.EqualTo((true, true, "privacy@dsr.example")));
            Assert.That(mail.Subject, Is.EqualTo("Svar på din begäran"));
            Assert.That(mail.Text!.ReplaceLineEndings("\n"), Does.StartWith("Hej Åsa,\n\n.\nen rad\n"));
            Assert.That(mail.Html, Does.Contain("<p>Hej Åsa</p>"));
            Assert.That(mail.Raw, Does.Contain("<0190c3@dsr.example>").And.Contain("Auto-Submitted: auto-generated"));
        });
    }

    [Test]
    public async Task Send_LineBreaksInTheSubject_MakeNoHeader()
    {
        var result = await Transport().SendAsync(new NoticeContent("breaks@example.org", "Hello\r\nBcc: other@example.org\r\n\r\nbody", "text", null), "1", default);

        Assert.That(result, Is.EqualTo(MailResult.Sent));
        var mail = await server.WaitForAsync("breaks@example.org");
        Assert.Multiple(() =>
        {
            Assert.That(mail.To, Is.EqualTo(new[] { "breaks@example.org" }));
            Assert.That(mail.Raw.ReplaceLineEndings("\n").Split("\n\n")[0].Split('\n'), Has.None.StartsWith("Bcc"));
            Assert.That(mail.Text!.Trim(), Is.EqualTo("text"));
        });
    }

    [TestCase("a@example.org\r\nRCPT TO:<b@example.org>")]
    [TestCase("a@example.org, b@example.org")]
    [TestCase("Name <a@example.org>")]
    [TestCase("no address")]
    [TestCase("")]
    public async Task Send_AnythingButOneAddress_IsHopeless(string to) =>
        Assert.That(await Transport().SendAsync(new NoticeContent(to, "s", "t", null), "1", default), Is.EqualTo(new MailResult("mail.address_invalid", Hopeless: true)));

    [Test]
    public async Task Send_WrongPassword_IsToBeTriedAgain()
    {
        var result = await Transport(password: "wrong").SendAsync(new NoticeContent("a@example.org", "s", "t", null), "1", default);

        Assert.That((result.Error, result.Hopeless), Is.EqualTo(("mail.sign_in_refused", false)));
    }

    [Test]
    public async Task Send_NobodyThere_IsToBeTriedAgain()
    {
        var result = await Transport(port: FreePort.Next()).SendAsync(new NoticeContent("a@example.org", "s", "t", null), "1", default);

        Assert.That((result.Error, result.Hopeless), Is.EqualTo(("mail.unreachable", false)));
    }

    [Test]
    public void Ready_NothingConfigured_IsFalse() => Assert.That(new SmtpTransport(Options.Create(new DsrOptions())).Ready, Is.False);

    [TestCase("smtp://user%40mail@host.example:25", "host.example", 25, "user@mail", true)]
    [TestCase("smtp://host.example", "host.example", 587, null, true)]
    [TestCase("smtp://catcher:1025?tls=none", "catcher", 1025, null, false)]
    public void TryParse_Address_IsRead(string text, string host, int port, string? user, bool encrypted)
    {
        Assert.That(SmtpAddress.TryParse(text, out var address), Is.True);
        Assert.That(address, Is.EqualTo(new SmtpAddress(host, port, user, encrypted)));
    }

    [TestCase("")]
    [TestCase("host:587")]
    [TestCase("smtps://host")]
    [TestCase("smtp://user:password@host")]
    [TestCase("smtp://host/path")]
    [TestCase("smtp://host?tls=maybe")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.That(SmtpAddress.TryParse(text, out _), Is.False);

    private SmtpTransport Transport(int? port = null, string password = SmtpServer.Password) => new(Options.Create(new DsrOptions
    {
        Mail = new MailOptions { Smtp = $"smtp://{SmtpServer.User}@localhost:{port ?? server.Port}", Password = password, From = "privacy@dsr.example" },
    }));
}
