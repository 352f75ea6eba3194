using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;

namespace DsrService.DataMap;

/// <summary>What can be wrong with one system taken alone.</summary>
internal static class SystemChecks
{
    private static readonly (TaskAction Begins, TaskAction Ends)[] Pairs =
    [
        (TaskAction.Restrict, TaskAction.LiftRestriction),
        (TaskAction.Preserve, TaskAction.Release),
    ];

    // Receipts name who answered.
    private const int LongestContact = 150;

    public static void Check(MappedSystem system, YamlFields fields)
    {
        if (system.Needs.Count == 0)
            fields.Error("needs", "'needs' must name at least one identifier kind: how would the system know a person?");
        if (system.Actions.Count == 0)
            fields.Error("actions", "'actions' must name at least one.");
        if (system.CanBeAskedAgain != system.Can(TaskAction.Verify))
            fields.Error("askedAgain", "'askedAgain: true' goes with the action verify, and only with it.");
        foreach (var (begins, ends) in Pairs)
            if (system.Can(begins) && !system.Can(ends))
                fields.Error("actions", $"{DsrJson.Kebab(begins)} without {DsrJson.Kebab(ends)} would never end.");
        if (system.Gives.Count > 0 && !system.Can(TaskAction.Locate))
            fields.Error("gives", "a system that gives identifiers must be able to locate: they are needed before anything is erased.");
        if (system.CanPreview && system.Binding == Binding.Manual)
            fields.Error("preview", "a manual system cannot preview.");
        // What a peer's discovery does not list becomes a task for its people.
        if (system.VendorContact is not null && system.Binding is not (Binding.Manual or Binding.Opendsr))
            fields.Error("vendorContact", "'vendorContact' is for manual systems and for those that speak OpenDSR.");
        if (system.OpenDsr is null != (system.Binding != Binding.Opendsr))
            fields.Error("opendsr", "'opendsr' goes with 'binding: opendsr', and only with it.");
        if (system.OpenDsr is { } peering && !system.Needs.Any(peering.Identities.ContainsKey))
            fields.Error("opendsr", "'identities' must name at least one of the kinds that the system needs.");
        if (system.OpenDsr is { Dialect: not OpenDsrDialect.Standard } && system.Actions.Any(action => action is not (TaskAction.Access or TaskAction.Export or TaskAction.Erase)))
            fields.Error("actions", "this dialect knows access, export and erase only.");
        if (system.VendorContact is { } contact && (!IdentifierKind.IsAddress(contact) || contact.Length > LongestContact))
            fields.Error("vendorContact", $"'vendorContact' must be an e-mail address of at most {LongestContact} characters.");
        if (system.Can(TaskAction.Rectify) != system.Fields.Count > 0)
            fields.Error("fields", "'fields' goes with the action rectify: it says what can be rectified.");
        foreach (var twice in system.Fields.GroupBy(field => field.Field).Where(group => group.Count() > 1))
            fields.Error("fields", $"field '{twice.Key}' is named twice.");
    }
}
