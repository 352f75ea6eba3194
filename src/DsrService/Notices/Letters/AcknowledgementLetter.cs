namespace DsrService.Notices.Letters;

/// <summary>What came in, until when it is answered, and the link that confirms the address (Art. 12(2), (3), (6)).</summary>
internal static class AcknowledgementLetter
{
    public static Letter Write(LetterContext context, Uri link, bool actsAtOnce) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"We received your request on {LetterWriter.Day(context.ReceivedOn)}. You ask us for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            $"Our time to answer runs from that day, and you will hear from us by {LetterWriter.Day(context.DueOn)} at the latest. It costs you nothing.")
        .Heading(actsAtOnce ? "Follow your request" : "Please confirm that it was you")
        .Paragraph(actsAtOnce
            ? "We stop using your data for direct marketing at once; you need not confirm anything. With this link, which works once and for seven days, you can follow your request:"
            : "So that nobody else can ask in your name, please open this link and press the button there. It works once and for seven days. Until then we cannot act on your request:")
        .Link(link)
        .Paragraph(actsAtOnce
            ? "If it was not you who asked, write to us."
            : "If it was not you who asked, you need not do anything: without the link nothing happens.")
        .Heading("Anything to add, or to take back?")
        .Paragraph($"Write to us at {context.ControllerContact} and name the reference {context.Reference}, or take your request back on its page.")
        .Finish("We received your request");
}
