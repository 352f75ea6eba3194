namespace DsrService.Notices.Letters;

/// <summary>Art. 11(2), 12(2), 12(4): we cannot tell who asks; what would help, complaint and remedy.</summary>
internal static class CannotIdentifyLetter
{
    public static Letter Write(LetterContext context, Uri link) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"On {LetterWriter.Day(context.ReceivedOn)} we received a request from this address for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            "Nobody has confirmed it since, so we cannot tell that it comes from the person whose data it is. We may not act on it (Articles 11(2) and 12(2) GDPR), and we close it for now. " +
            "Nothing about your data was changed.")
        .Heading("What would help")
        .Paragraph("Confirm the address, and we take the same request up again at once. This link works once and for seven days; later you can have a new one on the page below:")
        .Link(link)
        .Paragraph($"If you cannot use the link, write to us at {context.ControllerContact} and tell us something by which we can recognise you. We will not ask for more than we need.")
        .Remedies()
        .Finish("We could not confirm your request");
}
