namespace DsrService.Notices.Letters;

/// <summary>What Art. 17(3) had let stay is erased now.</summary>
internal static class KeptErasedLetter
{
    public static Letter Write(LetterContext context, DateOnly erasedOn, IReadOnlyList<string> categories) =>
        context.Write(LetterMessage.KeptErased, common => new KeptErasedModel(common, context.Words.Day(erasedOn), categories));
}
