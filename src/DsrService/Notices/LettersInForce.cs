using DsrService.DataMap;
using DsrService.Hosting;
using DsrService.Notices.Letters;
using DsrService.Notices.Templates;
using DsrService.Requests;
using Microsoft.Extensions.Options;

namespace DsrService.Notices;

/// <summary>The letters in force: the program's own until <see cref="LoadLetters"/> has taken a company's.</summary>
internal sealed class LettersInForce(IOptions<DsrOptions> options)
{
    public LetterSet Current { get; private set; } = LetterSet.BuiltIn;

    public void Take(LetterSet set) => Current = set;

    public LetterContext ContextFor(DataSubjectRequest request, IntakeContent intake, ControllerFacts controller) =>
        LetterContext.For(request, intake.Requester.Name, controller, options.Value.PublicAddress, Current);
}
