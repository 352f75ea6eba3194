using DsrService.DataMap;
using DsrService.Requests.Desk;

namespace DsrService.Notices.Letters;

/// <summary>To staff: a vendor leaves items unanswered, or cannot do one. Nothing personal, as in every mail to staff.</summary>
internal static class VendorEscalationLetter
{
    public static Letter Silent(ControllerFacts controller, MappedSystem system, IReadOnlyList<string> references, bool undelivered, string publicAddress) => Write(
        $"No answer from a vendor: {system.Label.English} ({controller.Name})",
        $"{system.Label.English} ({system.VendorContact}) {(undelivered ? "could not be written to" : "has not answered")}. What waits there needs a person now.",
        references, publicAddress);

    public static Letter Problem(ControllerFacts controller, MappedSystem system, string reference, DateOnly dueOn, string publicAddress) => Write(
        $"A vendor cannot do it: {reference} ({controller.Name})",
        $"{system.Label.English} ({system.VendorContact}) tells of a problem with request {reference}, due on {DeskWords.Day(dueOn)}. The task stays open; what they wrote stands there.",
        [reference], publicAddress);

    private static Letter Write(string subject, string text, IReadOnlyList<string> references, string publicAddress) =>
        new(subject, $"{text}\n\n{string.Join('\n', references.Select(reference => $"{publicAddress.TrimEnd('/')}/desk/requests/{reference}"))}\n", null);
}
