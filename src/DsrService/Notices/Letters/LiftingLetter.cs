namespace DsrService.Notices.Letters;

/// <summary>Art. 18(3): the person is told before a restriction is lifted.</summary>
internal static class LiftingLetter
{
    /// <param name="context">What every letter carries.</param>
    /// <param name="liftedOn">The first day without the restriction.</param>
    /// <param name="categories">Which data.</param>
    /// <param name="reason">In the words of whoever ends it; null where what it waited for was decided.</param>
    public static Letter Write(LetterContext context, DateOnly liftedOn, IReadOnlyList<string> categories, string? reason) => context.Write(LetterMessage.Lifting,
        common => new LiftingModel(common, context.Words.Day(liftedOn), reason ?? context.Words.Of("liftingDecided"), categories));
}
