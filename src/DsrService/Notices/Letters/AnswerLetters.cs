using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>The answer to each right, complete or in part (Art. 12(3), 12(4)). Pure: facts in, text and HTML out.</summary>
internal static class AnswerLetters
{
    public static Letter Write(LetterContext context, AnswerFacts facts) => facts.Right switch
    {
        Right.Access => AccessLetter.Write(context, facts),
        Right.Rectification => RectificationLetter.Write(context, facts),
        Right.Erasure => ErasureLetter.Write(context, facts),
        Right.Restriction => RestrictionLetter.Write(context, facts),
        Right.Portability => PortabilityLetter.Write(context, facts),
        _ => ObjectionLetter.Write(context, facts),
    };
}
