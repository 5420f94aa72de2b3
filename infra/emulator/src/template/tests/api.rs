//! The HTTP API: explicit, implicit, or made with a target.

use super::super::{Cors, Route, Template};
use super::{problem, working};

#[test]
fn a_list_parameter_reaches_the_cors_rules_as_a_list() {
    let template = Template::parse(
        r#"
Parameters:
  Origins: { Type: CommaDelimitedList, Default: "https://a.example, https://b.example" }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: { AllowOrigins: !Ref Origins, AllowMethods: [GET], MaxAge: 60, AllowCredentials: true }
"#,
    )
    .unwrap();
    assert_eq!(
        template.api.unwrap().cors,
        Some(Cors {
            allow_origins: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
            allow_methods: vec!["GET".to_owned()],
            allow_credentials: true,
            max_age_s: Some(60),
            ..Cors::default()
        })
    );
}

#[test]
fn sam_adds_an_api_for_the_routes_that_name_none() {
    let globals = "Globals: { HttpApi: { CorsConfiguration: { AllowOrigins: ['https://*'], AllowMethods: [GET] } } }";
    let route = "Events: { Get: { Type: HttpApi, Properties: { Method: GET, Path: / } } }";
    let variables = "Environment: { Variables: { \
                     ID: !Ref ServerlessHttpApi, \
                     URL: !GetAtt ServerlessHttpApi.ApiEndpoint, \
                     SUB: !Sub 'https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/x' } }";
    let template = Template::parse(&working(globals, &format!("{{ {route}, {variables} }}"))).unwrap();
    let api = template.api.unwrap();
    assert_eq!((api.logical_id.as_str(), api.stage.as_str()), ("ServerlessHttpApi", "$default"));
    assert_eq!(api.cors.unwrap().allow_origins, ["https://*"]);
    let variables = &template.functions[0].environment;
    assert_eq!(variables["ID"], "local");
    assert_eq!(variables["URL"], "https://local.execute-api.us-east-1.amazonaws.com");
    assert_eq!(variables["SUB"], "https://local.execute-api.us-east-1.amazonaws.com/x");
    let short = working("Globals: { HttpApi: { CorsConfiguration: true } }", &format!("{{ {route} }}"));
    assert_eq!(Template::parse(&short).unwrap().api.unwrap().cors.unwrap().allow_origins, ["*"]);
    assert_eq!(Template::parse(&working("", "{}")).unwrap().api, None);
}

#[test]
fn there_is_one_api_and_its_cors_rules_are_those_that_api_gateway_takes() {
    let api = |properties: &str| {
        format!("Resources: {{ Api: {{ Type: AWS::Serverless::HttpApi, Properties: {properties} }} }}")
    };
    assert_eq!(
        problem(&api("{ CorsConfiguration: { AllowOrigins: ['https://*.example.com'] } }")),
        "template: Api.Properties.CorsConfiguration.AllowOrigins: https://*.example.com \
         is neither an origin nor one of *, https://*, http://*"
    );
    assert_eq!(
        problem(&api("{ CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true } }")),
        "template: Api.Properties.CorsConfiguration.AllowCredentials: API Gateway allows no credentials to the origin *"
    );
    assert_eq!(Template::parse(&api("{ StageName: v1 }")).unwrap().api.unwrap().stage, "v1");
    let two = "Resources: { A: { Type: AWS::Serverless::HttpApi }, B: { Type: AWS::Serverless::HttpApi } }";
    assert_eq!(problem(two), "template: B.Type: the emulator serves one HTTP API, and there is A already");
    let other = working("", "{ Events: { E: { Type: HttpApi, Properties: { ApiId: !Ref Work } } } }");
    assert_eq!(
        problem(&other),
        "template: Work.Properties.Events.E.Properties.ApiId: \
         expected a Ref to an AWS::Serverless::HttpApi of this template"
    );
}

#[test]
fn an_api_made_with_a_target_has_that_functions_one_route() {
    let api = "\n  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, CorsConfiguration: \
               { AllowOrigins: ['*'] }, Target: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/\
               functions/arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Work}/invocations' } }";
    let template = Template::parse(&working("", &format!("{{}}{api}"))).unwrap();
    let routes: Vec<_> = template.functions[0].routes.iter().map(Route::key).collect();
    assert_eq!(routes, ["$default"]);
    assert_eq!(template.api.unwrap().cors.unwrap().allow_origins, ["*"]);
    let short =
        "\n  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Target: !GetAtt Work.Arn } }";
    assert_eq!(Template::parse(&working("", &format!("{{}}{short}"))).unwrap().functions[0].routes.len(), 1);
    let other = short.replace("!GetAtt Work.Arn", "arn:aws:lambda:us-east-1:1:function:x");
    assert_eq!(
        problem(&working("", &format!("{{}}{other}"))),
        "template: Api.Properties.Target: arn:aws:lambda:us-east-1:1:function:x is no function of this template"
    );
    let sockets = "\n  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }";
    assert_eq!(
        problem(&working("", &format!("{{}}{sockets}"))),
        "template: 2 faults\n  \
         Api.Properties.ProtocolType: the emulator serves HTTP only\n  \
         Api.Properties.Target: names the function, and is missing: \
         the emulator makes no other routes of such an API"
    );
}
