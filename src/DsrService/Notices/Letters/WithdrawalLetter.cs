namespace DsrService.Notices.Letters;

/// <summary>Confirms that a request was taken back, so that a withdrawal the person did not want comes to light.</summary>
internal static class WithdrawalLetter
{
    public static Letter Write(LetterContext context) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"You told us that you take back your request of {LetterWriter.Day(context.ReceivedOn)} for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            "It is closed, and nothing more is done on it.")
        .Paragraph($"If you did not say so, or changed your mind, write to us at {context.ControllerContact}, or send a new request at any time.")
        .Finish("Your request was withdrawn");
}
