namespace DsrService.Notices.Letters;

/// <summary>Art. 11(2), 12(2), 12(4): we cannot tell who asks; what would help, complaint and remedy.</summary>
internal static class CannotIdentifyLetter
{
    public static Letter Write(LetterContext context, Uri link) =>
        context.Write(LetterMessage.CannotIdentify, common => new LinkModel(common, link.AbsoluteUri, Confirmed: false));
}
