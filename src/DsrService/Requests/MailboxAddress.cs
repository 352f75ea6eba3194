using System.Net.Mail;
using DsrService.DataMap;

namespace DsrService.Requests;

/// <summary>Whether a text is an e-mail address we can write to and may put into a mail's header.</summary>
internal static class MailboxAddress
{
    public const int Longest = 254;

    public static bool IsValid(string text) =>
        text.Length <= Longest && IdentifierKind.IsAddress(text) && !text.Any(c => char.IsControl(c) || c is '(' or ')' or '[' or ']' or '\\' or ':') &&
        MailAddress.TryCreate(text, out var parsed) && parsed.Address == text &&
        LocalPart(text[..text.IndexOf('@')]) && Domain(text[(text.IndexOf('@') + 1)..]);

    private static bool LocalPart(string local) => local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);

    private static bool Domain(string domain)
    {
        var labels = domain.Split('.');
        return labels.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => c == '-' || char.IsLetterOrDigit(c))) &&
            labels[^1].Length > 1 && !labels[^1].All(char.IsAsciiDigit);
    }
}
