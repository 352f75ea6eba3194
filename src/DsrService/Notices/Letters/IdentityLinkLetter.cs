namespace DsrService.Notices.Letters;

/// <summary>A new link, asked for or as a reminder.</summary>
internal static class IdentityLinkLetter
{
    public static Letter Write(LetterContext context, Uri link, bool confirmed) =>
        context.Write(LetterMessage.IdentityLink, common => new LinkModel(common, link.AbsoluteUri, confirmed));

    public static Letter Remind(LetterContext context, Uri link) =>
        context.Write(LetterMessage.IdentityReminder, common => new LinkModel(common, link.AbsoluteUri, Confirmed: false));
}
