using DsrService.Connectors;
using DsrService.Data;
using DsrService.DataMap;
using DsrService.Demo.Companies;
using DsrService.Demo.Systems;
using DsrService.Demo.Systems.Peers;
using DsrService.Fulfilment;
using DsrService.Sdk.Contracts;
using DsrService.Staff;
using Microsoft.EntityFrameworkCore;

namespace DsrService.Demo.Output;

/// <summary>Gives the installation its staff and the systems their credentials on the first start. What the file of an
/// earlier start holds and the database still knows is kept; what was lost is given anew. A system that the demo does not play,
/// or that somebody has given other credentials since, is somebody's own and left alone.</summary>
internal static class SeedInstallation
{
    public static async Task<DemoFile> Handle(IServiceProvider services, DemoOptions options, Uri root, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<LoadDataMaps>().HandleAsync(cancel);
        var maps = (await scope.ServiceProvider.GetRequiredService<DataMaps>().AllAsync(cancel)).Select(version => version.Map).ToList();
        var earlier = DemoFile.Read(options.Output);
        Dictionary<string, string> tokens = [];
        List<DemoSignIn> signIns = [];
        foreach (var role in Enum.GetValues<StaffRole>())
        {
            var (token, signIn) = await Known(scope.ServiceProvider, earlier, role, cancel)
                ?? await Hire(scope.ServiceProvider, role, maps, cancel);
            tokens.Add(DsrJson.Kebab(role), token);
            signIns.Add(signIn);
        }

        Dictionary<string, DemoCredentials> systems = [];
        var played = DemoCompanies.Stores(options, null!, TimeProvider.System).Select(store => (store.Controller, store.Key)).ToHashSet();
        foreach (var map in maps)
            foreach (var system in map.Systems.Where(system => system.Binding is not Binding.Manual && played.Contains((map.Controller.Key, system.Key))))
                systems.Add($"{map.Controller.Key}/{system.Key}", await Credentials(scope.ServiceProvider, options, root, earlier, map, system, cancel));
        var file = new DemoFile { BaseAddress = root, StaffTokens = tokens, SignIns = signIns, SystemCredentials = systems };
        await file.Write(options.Output, cancel);
        return file;
    }

    private static async Task<(string, DemoSignIn)?> Known(IServiceProvider services, DemoFile? earlier, StaffRole role, CancellationToken cancel)
    {
        var name = DsrJson.Kebab(role);
        if (earlier?.StaffTokens.TryGetValue(name, out var token) is not true || earlier.SignIns.FirstOrDefault(one => one.Role == name) is not { } signIn)
            return null;
        var hash = Secrets.Hash(token);
        return await services.GetRequiredService<DsrDbContext>().Set<StaffToken>().AnyAsync(row => row.TokenHash == hash, cancel) ? (token, signIn) : null;
    }

    private static async Task<(string, DemoSignIn)> Hire(
        IServiceProvider services, StaffRole role, List<ControllerDataMap> maps, CancellationToken cancel)
    {
        var name = DsrJson.Kebab(role);
        var password = Secrets.NewToken()[..20];
        List<CallerGrant> grants = role is not StaffRole.SystemOwner
            ? [.. maps.Select(map => new CallerGrant(map.Controller.Key, role))]
            : [.. maps.SelectMany(map => map.Systems.Where(system => system.Binding is Binding.Manual)
                .Select(system => new CallerGrant(map.Controller.Key, role, system.Key)))];
        for (var number = 1; ; number++)
        {
            // Somebody of that name is still there if the file with the password was lost.
            var userName = number == 1 ? name : $"{name}-{number}";
            var added = await services.GetRequiredService<AddStaff>().HandleAsync(new(userName, $"Demo {name}", password, grants, $"{userName}@staff.example"), cancel);
            if (added.Failure is { Code: "staff.user_name_taken" })
                continue;
            if (added.Failed)
                throw new InvalidOperationException($"{added.Failure.Code}: {added.Failure.Message}");
            return (await services.GetRequiredService<IssueToken>().HandleAsync(added.Value, null, cancel), new(name, userName, password));
        }
    }

    private static async Task<DemoCredentials> Credentials(
        IServiceProvider services, DemoOptions options, Uri root, DemoFile? earlier, ControllerDataMap map, MappedSystem system, CancellationToken cancel)
    {
        var (controller, db) = (map.Controller.Key, services.GetRequiredService<DsrDbContext>());
        var address = DemoSystemsFeature.Address(system.Binding, options.SystemsAddress ?? root, controller, system.Key);
        var row = await db.Set<ConnectedSystem>().AsNoTracking()
            .SingleOrDefaultAsync(one => one.Controller == controller && one.System == system.Key, cancel);
        if (earlier?.SystemCredentials.GetValueOrDefault($"{controller}/{system.Key}") is { } known && row is not null)
        {
            var ours = Secrets.Matches(row.TokenHash, known.Token);
            if (!ours || row.Address == address && known.Peer is not null == system.Binding is Binding.Opendsr)
                return known;
        }
        var peer = system.Binding is not Binding.Opendsr ? null : new DemoPeerCredentials($"Bearer {Secrets.NewToken()}", PeerSigner.NewCertificate(controller, system.Key));
        var added = await services.GetRequiredService<AddSystem>().HandleAsync(
            new(controller, system.Key, address, Replace: true, peer?.Authorization, peer is null ? null : PeerSigner.Public(peer.Certificate)), cancel);
        return added.Failed
            ? throw new InvalidOperationException($"{added.Failure.Code}: {added.Failure.Message}")
            : new(added.Value.Token, added.Value.WebhookSecret, added.Value.SealingKey) { Peer = peer };
    }
}
