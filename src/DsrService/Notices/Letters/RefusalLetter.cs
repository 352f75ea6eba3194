using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 12(4): no action is taken, with the reasons, the complaint and the judicial remedy.</summary>
internal static class RefusalLetter
{
    public static Letter Write(LetterContext context, RefusalGround ground, string explanation) => context.Write(LetterMessage.Refusal,
        common => new RefusalModel(common, context.Words.Of("refusalGrounds", ground), explanation, context.Words.Of(ground switch
        {
            RefusalGround.IdentityNotConfirmed => "remains.identity-not-confirmed",
            RefusalGround.NotTheController => "remains.not-the-controller",
            _ => "remains.otherwise",
        })));
}
