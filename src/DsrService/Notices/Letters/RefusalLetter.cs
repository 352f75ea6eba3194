using DsrService.Requests;

namespace DsrService.Notices.Letters;

/// <summary>Art. 12(4): no action is taken, with the reasons, the complaint and the judicial remedy.</summary>
internal static class RefusalLetter
{
    public static Letter Write(LetterContext context, RefusalGround ground, string explanation) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"On {LetterWriter.Day(context.ReceivedOn)} you asked us for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            "A person has looked at your request. We will not act on it, for the reasons below.")
        .Heading("Our reasons")
        .Paragraph(Ground(ground))
        .Paragraph(explanation)
        .Paragraph(WhatRemains(ground))
        .Remedies()
        .Finish("Our decision on your request");

    private static string Ground(RefusalGround ground) => ground switch
    {
        RefusalGround.IdentityNotConfirmed => "We could not make sure that you are the person whose data it is, so we may not act on it (Articles 11(2) and 12(2) GDPR). In this case:",
        RefusalGround.Unfounded => "We find the request manifestly unfounded (Article 12(5) GDPR). It is for us to show this. In this case:",
        RefusalGround.Excessive => "We find the request excessive (Article 12(5) GDPR). It is for us to show this. In this case:",
        RefusalGround.NotApplicable => "The right you asked for does not reach the data or the processing concerned. In this case:",
        RefusalGround.Exempt => "The law exempts the data or the processing concerned from this right. In this case:",
        RefusalGround.NotTheController => "We do not decide why and how this data is processed: somebody else is the controller (Article 4(7) GDPR). In this case:",
        _ => "A law restricts this right here (Article 23 GDPR). In this case:",
    };

    private static string WhatRemains(RefusalGround ground) => ground switch
    {
        RefusalGround.IdentityNotConfirmed => "If you can give us something by which we can recognise you, we will take the request up again.",
        RefusalGround.NotTheController => "Nothing else about your data was changed. You may send your request to the controller.",
        _ => "Nothing about your data was changed because of this decision. Your other rights under the GDPR remain as they are.",
    };
}
