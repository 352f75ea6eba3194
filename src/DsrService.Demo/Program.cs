using DsrService.Demo;

var configuration = new ConfigurationManager();
configuration.AddEnvironmentVariables().AddCommandLine(args);
await (configuration.GetSection(DemoOptions.Section).Get<DemoOptions>()?.Only switch
{
    DemoPart.Systems => SystemsHost.Run(args),
    DemoPart.Seed => DemoHost.Seed(args),
    _ => DemoHost.Run(args),
});
