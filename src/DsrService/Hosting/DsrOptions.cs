using System.ComponentModel.DataAnnotations;

namespace DsrService.Hosting;

/// <summary>The settings under <c>Dsr</c>. A wrong value stops the start with its name and reason.</summary>
internal sealed class DsrOptions
{
    public const string Section = "Dsr";

    /// <summary>Which parts this process runs; all of them by default.</summary>
    public Role[] Roles { get; set; } = [];

    /// <summary><c>memory</c>, or the address of a RabbitMQ: <c>amqp://user:password@host:port/vhost</c>.</summary>
    [Required]
    public string Bus { get; set; } = "memory";

    /// <summary>How people reach the portal; links in mails begin with it.</summary>
    [Required, Url]
    public string PublicAddress { get; set; } = "http://127.0.0.1:8080";

    /// <summary>How connected systems reach the systems API; the public address by default.</summary>
    [Url]
    public string? SystemsAddress { get; set; }

    /// <summary>Folder of data maps, one YAML file a controller.</summary>
    [Required]
    public string DataMaps { get; set; } = "deploy/datamaps";

    /// <summary>Folder of a company's own letters, which replace those of the program file by file; none by default.</summary>
    public string? Letters { get; set; }

    /// <summary>File of holidays set by decree, beside the calendars' rules; none by default.</summary>
    public string? Holidays { get; set; }

    /// <summary>Folder of encrypted files.</summary>
    [Required]
    public string Files { get; set; } = ".dsr/files";

    /// <summary>Bytes that one part handed over by a system may hold.</summary>
    [Range(1, long.MaxValue)]
    public long LargestUpload { get; set; } = 20L << 30;

    /// <summary>Folder of key-encryption keys; never on the database's disk or in its backup.</summary>
    [Required]
    public string Keys { get; set; } = ".dsr/keys";

    /// <summary>Days that backups of the database live. A key-encryption key is destroyed that long after its month, so that a
    /// restored backup brings back nothing that was purged.</summary>
    [Range(0, 3650)]
    public int BackupDays { get; set; } = 35;

    public MailOptions Mail { get; set; } = new();

    /// <summary>Addresses of proxies whose forwarding headers are believed; none by default.</summary>
    public string[] TrustedProxies { get; set; } = [];

    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Databases of connected systems whose binding is sql: connection strings by controller and system.</summary>
    public Dictionary<string, Dictionary<string, string>> Databases { get; } = new(StringComparer.Ordinal);

    /// <summary>Private and loopback addresses of connected systems that may be pushed to, such as <c>10.1.0.0/16</c>.</summary>
    public string[] PrivateSystems { get; set; } = [];

    public OpenDsrOptions OpenDsr { get; set; } = new();

    public VendorOptions Vendors { get; set; } = new();

    public bool Runs(Role role) => Roles.Length == 0 || Roles.Contains(role);
}

internal sealed class MailOptions
{
    /// <summary><c>smtp://user@host:587</c>, encrypted by STARTTLS unless <c>?tls=none</c> follows; empty keeps mails queued.</summary>
    public string? Smtp { get; set; }

    public string? Password { get; set; }

    [Required]
    public string From { get; set; } = "privacy@localhost";
}

internal sealed class OpenDsrOptions
{
    /// <summary>File of authorities (PEM) that vouch for peers' certificates, in place of those the machine trusts.</summary>
    public string? Roots { get; set; }

    public InboundOptions Inbound { get; set; } = new();
}

/// <summary>What we sign with as a processor. Without it nothing is taken in over OpenDSR.</summary>
internal sealed class InboundOptions
{
    /// <summary>The processor domain, such as <c>opendsr.company.example</c>; the certificate is for this name.</summary>
    public string? Domain { get; set; }

    /// <summary>The certificate in PEM, and those between it and its authority.</summary>
    public string? Certificate { get; set; }

    /// <summary>Its private key in PEM.</summary>
    public string? Key { get; set; }

    /// <summary>Where others find the certificate: an https address of the same domain.</summary>
    public string? CertificateAddress { get; set; }

    public bool IsConfigured => Domain is not null || Certificate is not null || Key is not null || CertificateAddress is not null;
}

/// <summary>How vendors are written to whose systems are worked by hand.</summary>
internal sealed class VendorOptions
{
    /// <summary>Days that a link works.</summary>
    [Range(1, 60)]
    public int LinkDays { get; set; } = 14;

    /// <summary>Days after the first mail of an item that its vendor is reminded.</summary>
    [Range(1, 60)]
    public int FirstReminderDays { get; set; } = 3;

    [Range(1, 60)]
    public int SecondReminderDays { get; set; } = 7;

    /// <summary>Days before the due date that the vendor is reminded once more.</summary>
    [Range(1, 30)]
    public int RemindDaysBeforeDue { get; set; } = 5;

    /// <summary>Days after the first mail that staff are told of an item without an answer.</summary>
    [Range(1, 60)]
    public int EscalateAfterDays { get; set; } = 10;

    /// <summary>Days before the due date that staff are told of it in any case.</summary>
    [Range(1, 30)]
    public int EscalateDaysBeforeDue { get; set; } = 3;
}

internal sealed class RateLimitOptions
{
    /// <summary>Intakes a minute from one network address.</summary>
    [Range(1, 1_000_000)]
    public int IntakePerMinute { get; set; } = 120;

    /// <summary>Intakes a day for one e-mail address and controller.</summary>
    [Range(1, 1_000_000)]
    public int IntakePerSenderAndDay { get; set; } = 30;

    /// <summary>Questions a minute about people (<c>subjects/check</c>) from one connected system.</summary>
    [Range(1, 1_000_000)]
    public int ChecksPerMinute { get; set; } = 600;

    /// <summary>Tries of tokens and sign-ins a minute from one network address.</summary>
    [Range(1, 1_000_000)]
    public int TokensPerMinute { get; set; } = 120;

    /// <summary>OpenDSR calls a minute from one network address.</summary>
    [Range(1, 1_000_000)]
    public int OpenDsrPerMinute { get; set; } = 1000;
}

internal enum Role
{
    Portal,
    Desk,
    Systems,
    Worker,
}
