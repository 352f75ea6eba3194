using DsrService.Deadlines;

namespace DsrService.Notices.Letters;

/// <summary>Art. 12(3): the person is told of the extension within the first month, with the reasons of this case.</summary>
internal static class ExtensionLetter
{
    public static Letter Write(LetterContext context, DateOnly extendedTo, ExtensionGround ground, string reasons) => context.Write(LetterMessage.Extension,
        common => new ExtensionModel(common, context.Words.Day(extendedTo), context.Words.Of("extensionGrounds", ground), reasons));
}
