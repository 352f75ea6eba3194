using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace DsrService.Testing;

/// <summary>
/// A real SMTP peer (Debian's aiosmtpd) that offers STARTTLS, wants a sign-in after it, and keeps what it is sent.
/// </summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private const string script = """
        import asyncio, email, email.policy, json, ssl, sys
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult
        port, certificate, key, user, password = int(sys.argv[1]), *sys.argv[2:6]
        class Keep:
            # aiosmtpd knows mechanisms in upper case only; .NET's client writes "login".
            async def auth_login(self, server, args):
                return await server.auth_LOGIN(self, args)
            async def handle_DATA(self, server, session, envelope):
                m = email.message_from_bytes(envelope.content, policy=email.policy.default)
                part = lambda kind: (lambda b: b.get_content() if b else None)(m.get_body((kind,)))
                print(json.dumps({ "from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": m["subject"] or "",
                    "text": part("plain"), "html": part("html"), "encrypted": session.ssl is not None,
                    "signedIn": bool(session.authenticated), "raw": envelope.content.decode("utf-8", "replace") }), flush=True)
                return "250 kept"
        def sign_in(server, session, envelope, mechanism, data):
            good = mechanism in ("LOGIN", "PLAIN") and data.login == user.encode() and data.password == password.encode()
            return AuthResult(success=good, handled=False)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        controller = Controller(Keep(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
            authenticator=sign_in, auth_required=True, enable_SMTPUTF8=True)
        controller.start()
        print("ready", flush=True)
        asyncio.new_event_loop().run_forever()
        """;

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web);
    private readonly string folder = Reaper.Folder("smtp");
    private readonly ConcurrentDictionary<int, ReceivedMail> read = new();
    private TestProcess? server;

    private SmtpServer()
    {
    }

    public int Port { get; private set; }

    public const string User = "dsr";

    public const string Password = "smtp-password";

    /// <summary>The server's self-signed certificate (PEM, for localhost and 127.0.0.1), to be trusted by the test.</summary>
    public string CertificateFile => Path.Combine(folder, "certificate.pem");

    /// <summary>What came, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. server!.Lines
        .Select((line, at) => (line, at))
        .Where(entry => entry.line.StartsWith('{'))
        .Select(entry => read.GetOrAdd(entry.at, _ => JsonSerializer.Deserialize<ReceivedMail>(entry.line, json)!))];

    public static async Task<SmtpServer> StartAsync()
    {
        var smtp = new SmtpServer();
        smtp.WriteCertificate();
        await smtp.StartAgainAsync();
        return smtp;
    }

    /// <summary>The mail for that address, when it has come.</summary>
    public Task<ReceivedMail> WaitForAsync(string to, TimeSpan? within = null) => Eventually.GetAsync(
        () => Task.FromResult(Mails.FirstOrDefault(mail => mail.To.Contains(to, StringComparer.OrdinalIgnoreCase))),
        $"a mail to {to}",
        within);

    /// <summary>Nobody listens any more; <see cref="StartAgainAsync"/> opens the same port again, with an empty box.</summary>
    public async Task StopAsync() => await server!.DisposeAsync();

    public async Task StartAgainAsync()
    {
        Port = Port == 0 ? FreePort.Next() : Port;
        read.Clear();
        server = TestProcess.Start(
            "/usr/bin/python3",
            ["-c", script, Port.ToString(CultureInfo.InvariantCulture), CertificateFile, KeyFile, User, Password]);
        await server.WaitForLineAsync("ready");
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string KeyFile => Path.Combine(folder, "key.pem");

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}

/// <summary>A mail as the server took it; <see cref="Raw"/> is the message as it went over the wire.</summary>
internal sealed record ReceivedMail(
    string From,
    IReadOnlyList<string> To,
    string Subject,
    string? Text,
    string? Html,
    bool Encrypted,
    bool SignedIn,
    string Raw);
