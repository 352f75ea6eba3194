namespace DsrService.Notices.Letters;

/// <summary>A new link, asked for or as a reminder.</summary>
internal static class IdentityLinkLetter
{
    public static Letter Write(LetterContext context, Uri link, bool confirmed) => new LetterWriter(context)
        .Greeting()
        .Paragraph(confirmed
            ? "You asked for a new link to the page of your request. It works once and for seven days:"
            : "You asked for a new link to confirm your e-mail address. Please open it and press the button there. It works once and for seven days:")
        .Link(link)
        .Paragraph("If it was not you who asked, you need not do anything: without the link nobody sees your request.")
        .Finish("The link to your request");

    public static Letter Remind(LetterContext context, Uri link) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"On {LetterWriter.Day(context.ReceivedOn)} you asked us for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            "We have not begun, because we do not know yet whether it was you who asked.")
        .Paragraph("Please open this link and press the button there. It works once and for seven days:")
        .Link(link)
        .Paragraph("If it was not you who asked, or you have changed your mind, you need not do anything.")
        .Finish("Please confirm your request");
}
