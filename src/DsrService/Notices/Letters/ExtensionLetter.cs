using DsrService.Deadlines;

namespace DsrService.Notices.Letters;

/// <summary>Art. 12(3): the person is told of the extension within the first month, with the reasons of this case.</summary>
internal static class ExtensionLetter
{
    public static Letter Write(LetterContext context, DateOnly extendedTo, ExtensionGround ground, string reasons) => new LetterWriter(context)
        .Greeting()
        .Paragraph($"On {LetterWriter.Day(context.ReceivedOn)} you asked us for {LetterWriter.RightAsUnderstood(context.Right)}. " +
            $"We had to answer by {LetterWriter.Day(context.DueOn)}. We need more time: you will have our answer by {LetterWriter.Day(extendedTo)} at the latest.")
        .Heading("Why it takes longer")
        .Paragraph(Ground(ground))
        .Paragraph(reasons)
        .Paragraph("We keep working on your request, and you will hear from us earlier if we finish earlier. You need not do anything.")
        .Remedies()
        .Finish("Your request takes longer");

    private static string Ground(ExtensionGround ground) => ground switch
    {
        ExtensionGround.NumberOfRequests => "The law allows up to two further months because of the number of requests (Article 12(3) GDPR). In this case:",
        _ => "The law allows up to two further months where a request is complex (Article 12(3) GDPR). In this case:",
    };
}
