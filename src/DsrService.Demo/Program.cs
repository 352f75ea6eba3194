using DsrService.Demo;

var configuration = new ConfigurationManager();
configuration.AddEnvironmentVariables().AddCommandLine(args);
await (configuration.GetSection(DemoOptions.Section).Get<DemoOptions>()?.Only is DemoPart.Systems
    ? SystemsHost.Run(args)
    : DemoHost.Run(args));
