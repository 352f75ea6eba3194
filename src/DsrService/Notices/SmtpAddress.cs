using System.Diagnostics.CodeAnalysis;

namespace DsrService.Notices;

/// <summary>The setting <c>Dsr:Mail:Smtp</c>: <c>smtp://user@host:587</c>. The connection is encrypted by STARTTLS unless it says
/// <c>?tls=none</c>, which suits a mail catcher or a relay on the same machine.</summary>
internal sealed record SmtpAddress(string Host, int Port, string? User, bool Encrypted)
{
    private const int Submission = 587;

    public static bool TryParse(string text, [NotNullWhen(true)] out SmtpAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "smtp" || uri.Host.Length == 0
            || uri.AbsolutePath is not ("" or "/") || uri.Query is not ("" or "?tls=none" or "?tls=starttls") || uri.UserInfo.Contains(':', StringComparison.Ordinal))
            return false;
        var user = uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo);
        address = new SmtpAddress(uri.Host, uri.Port > 0 ? uri.Port : Submission, user, uri.Query != "?tls=none");
        return true;
    }
}
