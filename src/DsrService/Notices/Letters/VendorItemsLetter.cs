using DsrService.DataMap;
using DsrService.Notices.Templates;
using DsrService.Sdk.Contracts;

namespace DsrService.Notices.Letters;

/// <summary>To a vendor: how much waits and by when, and where. Nothing of whose data it is.</summary>
internal static class VendorItemsLetter
{
    internal sealed record Facts
    {
        public required LocalText System { get; init; }
        public required IReadOnlyList<(TaskAction Action, DateOnly DueOn)> Items { get; init; }
        public required Uri Link { get; init; }
        public required DateOnly ExpiresOn { get; init; }
        public required bool Reminder { get; init; }
    }

    public static Letter Write(LetterSet set, ControllerFacts controller, Facts facts)
    {
        // Companies are written to in the controller's own language.
        var texts = set.In(controller.Languages[0]);
        var words = texts.Words(controller.Profile == LawProfile.Uk);
        return texts.Templates.Write(LetterMessage.VendorItems.Name, Model(words, new LetterModel
        {
            Controller = controller.Name,
            Contact = controller.Contact,
            Officer = controller.DataProtectionOfficer,
            Gdpr = words.Gdpr,
        }, facts));
    }

    public static VendorItemsModel Model(LetterWords words, LetterModel common, Facts facts) => new(
        common with { DueOn = words.Day(facts.Items.Min(item => item.DueOn)) },
        facts.System.In(words.Language),
        words.Number(facts.Items.Count),
        [.. facts.Items.GroupBy(item => item.Action).OrderBy(group => group.Key)
            .Select(group => new VendorLine(words.Of("vendorActions", group.Key), words.Number(group.Count()), words.Day(group.Min(item => item.DueOn))))],
        facts.Link.AbsoluteUri,
        words.Day(facts.ExpiresOn),
        facts.Reminder);
}
