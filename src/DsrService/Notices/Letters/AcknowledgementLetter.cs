namespace DsrService.Notices.Letters;

/// <summary>What came in, until when it is answered, and the link that confirms the address (Art. 12(2), (3), (6)).</summary>
internal static class AcknowledgementLetter
{
    public static Letter Write(LetterContext context, Uri link, bool actsAtOnce) =>
        context.Write(LetterMessage.Acknowledgement, common => new AcknowledgementModel(common, link.AbsoluteUri, actsAtOnce));
}
