// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedSecretsTest {
  private static final Redactor REDACTOR = Redactor.standard();
  private static final SampleSecrets SECRETS = new SampleSecrets(new Random(20261124));

  /** No prefix gives it away: what Azure, Mistral and others use. */
  private static final String HEX_KEY = SECRETS.text(SampleSecrets.HEX, 31) + "7";

  private static final String LONG_KEY = SECRETS.text(SampleSecrets.ALNUM, 83) + "7";
  private static final String AWS_SECRET = SECRETS.text(SampleSecrets.BASE64, 39) + "7";

  /** Each: a text with secrets as {…}, and after the arrow what becomes of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // JSON, once and twice escaped
        "{\"api-key\":\"{KEY}\",\"a\":1} → {\"api-key\":\"[redacted:api-key]\",\"a\":1}",
        "{\"x-api-key\": \"{KEY}\", \"a\": 1} → {\"x-api-key\": \"[redacted:api-key]\", \"a\": 1}",
        "{\"m\":\"{\\\"api_key\\\":\\\"{KEY}\\\",\\\"a\\\":1}\"}"
            + " → {\"m\":\"{\\\"api_key\\\":\\\"[redacted:api-key]\\\",\\\"a\\\":1}\"}",
        "\\\\\"apiKey\\\\\":\\\\\"{KEY}\\\\\",\\\\\"a\\\\\":1"
            + " → \\\\\"apiKey\\\\\":\\\\\"[redacted:api-key]\\\\\",\\\\\"a\\\\\":1",
        "{\"password\":\"a\\\"b, c\",\"a\":1} → {\"password\":\"[redacted:password]\",\"a\":1}",
        "{\"password\":\"ab\\\\\",\"a\":1} → {\"password\":\"[redacted:password]\",\"a\":1}",
        "{\"Set-Cookie\":[\"a=b; Path=/\",\"c=d\"],\"e\":[\"f\"]}"
            + " → {\"Set-Cookie\":[\"[redacted:cookie]\"],\"e\":[\"f\"]}",
        "{\"Authorization\":\"Bearer {KEY}\"} → {\"Authorization\":\"Bearer [redacted:authorization]\"}",
        "{\"authorization\":\"{KEY}\"} → {\"authorization\":\"[redacted:authorization]\"}",
        "[[\"authorization\",\"Basic dTpw\"],[\"host\",\"h\"]]"
            + " → [[\"authorization\",\"Basic [redacted:authorization]\"],[\"host\",\"h\"]]",
        "{\"apiKey\":\"{KEY → {\"apiKey\":\"[redacted:api-key]",
        // Python, Ruby, Go, Java
        "{'api-key': '{KEY}', 'a': 1} → {'api-key': '[redacted:api-key]', 'a': 1}",
        "{'Authorization': b'Bearer {KEY}'} → {'Authorization': b'Bearer [redacted:authorization]'}",
        "[(b'x-api-key', b'{KEY}'), (b'host', b'h')] → [(b'x-api-key', b'[redacted:api-key]'), (b'host', b'h')]",
        "Client(api_key='{KEY}', timeout=5) → Client(api_key='[redacted:api-key]', timeout=5)",
        "os.environ[\"MISTRAL_API_KEY\"] = \"{KEY}\" → os.environ[\"MISTRAL_API_KEY\"] = \"[redacted:api-key]\"",
        "{:password=>\"{KEY}\", :a=>1} → {:password=>\"[redacted:password]\", :a=>1}",
        "apiKey := \"{KEY}\" → apiKey := \"[redacted:api-key]\"",
        "map[Authorization:[Bearer {KEY}] Host:[h]] → map[Authorization:[Bearer [redacted:authorization]] Host:[h]]",
        "{x-api-key=[{KEY}], host=[h]} → {x-api-key=[[redacted:api-key]], host=[h]}",
        "Options[apiKey={KEY}, retries=3] → Options[apiKey=[redacted:api-key], retries=3]",
        "<ApiKey>{KEY}</ApiKey> → <ApiKey>[redacted:api-key]</ApiKey>",
        // curl and header dumps
        "curl -H \"api-key: {KEY}\" https://h/ → curl -H \"api-key: [redacted:api-key]\" https://h/",
        "curl -H 'Authorization: Bearer {KEY}' h → curl -H 'Authorization: Bearer [redacted:authorization]' h",
        "x-goog-api-key: {KEY}\r\nHost: h → x-goog-api-key: [redacted:api-key]\r\nHost: h",
        "Ocp-Apim-Subscription-Key: {LONG} \nHost: h → Ocp-Apim-Subscription-Key: [redacted:api-key] \nHost: h",
        "> Cookie: a=b; c=d, e\n> Host: h → > Cookie: [redacted:cookie]\n> Host: h",
        "set-cookie: __cf_bm=x.y-1; path=/; HttpOnly\\nhost: h → set-cookie: [redacted:cookie]\\nhost: h",
        "x-amz-security-token: IQoJ//{AWS}==\nh → x-amz-security-token: [redacted:session-token]\nh",
        "Proxy-Authorization: Basic dTpw\nh → Proxy-Authorization: Basic [redacted:authorization]\nh",
        "Authorization: Custom {KEY}\nh → Authorization: [redacted:authorization]\nh",
        "Authorization:{KEY} x → Authorization:[redacted:authorization] x",
        "Authorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=h, Signature={KEY}{KEY}"
            + " → Authorization: AWS4-HMAC-SHA256 [redacted:authorization], SignedHeaders=h,"
            + " Signature=[redacted:signature]",
        "Your x-api-key header: 'x-api-key: {KEY}' → Your x-api-key header: 'x-api-key: [redacted:api-key]'",
        // bearer and basic without the header's name
        "sent Bearer {KEY} to → sent Bearer [redacted:bearer-token] to",
        "sent 'bearer {LONG}'. → sent 'bearer [redacted:bearer-token]'.",
        "curl: Basic dXNlcjpwYXNzd29yZA== sent → curl: Basic [redacted:basic-credentials] sent",
        // URLs
        "https://h/v1?key={KEY}&alt=sse → https://h/v1?key=[redacted:key]&alt=sse",
        "https://h/v1?alt=sse&key=short → https://h/v1?alt=sse&key=[redacted:key]",
        "https://h?a=b&amp;token=abc&amp;c=d → https://h?a=b&amp;token=[redacted:token]&amp;c=d",
        "https://h?a=b\\u0026api_key=abc\\u0026c=d → https://h?a=b\\u0026api_key=[redacted:api-key]\\u0026c=d",
        "https://h?sig=a%2Bb%3D&se=1 → https://h?sig=[redacted:signature]&se=1",
        "https://h?X-Amz-Signature={KEY}&X-Amz-Date=2 → https://h?X-Amz-Signature=[redacted:signature]&X-Amz-Date=2",
        "https://h?X-Amz-Security-Token=IQo%2F{AWS} x → https://h?X-Amz-Security-Token=[redacted:session-token] x",
        "https://h/#access_token={KEY}&e=1 → https://h/#access_token=[redacted:token]&e=1",
        "u=https%3A%2F%2Fh%3Fkey%3D{KEY} x → u=https%3A%2F%2Fh%3Fkey%3D[redacted:key] x",
        "{\"u\":\"h?key\\u003d{KEY}\"} → {\"u\":\"h?key\\u003d[redacted:key]\"}",
        "'https://u:p@h:8/' → 'https://[redacted:url-credentials]@h:8/'",
        "postgres://u:p@ss@h/db → postgres://[redacted:url-credentials]@h/db",
        "postgres://u:p/ss#w@h/db → postgres://[redacted:url-credentials]@h/db",
        "https:\\/\\/u:p@h\\/ → https:\\/\\/[redacted:url-credentials]@h\\/",
        "git clone https://{KEY}@h → git clone https://[redacted:url-credentials]@h",
        "redis://:pass@h:6379/0 → redis://[redacted:url-credentials]@h:6379/0",
        "could not reach https://user:passwo → could not reach https://[redacted:url-credentials]",
        // Assignments and connection strings
        "Server=s;User=u;Password=p#w!x;Db=d → Server=s;User=u;Password=[redacted:password];Db=d",
        "Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey={AWS}="
            + " → Endpoint=sb://h/;SharedAccessKeyName=n;SharedAccessKey=[redacted:secret-key]",
        "AccountKey={AWS}==;EndpointSuffix=x → AccountKey=[redacted:secret-key];EndpointSuffix=x",
        "AWS_SECRET_ACCESS_KEY={AWS} x → AWS_SECRET_ACCESS_KEY=[redacted:aws-secret-access-key] x",
        "\"SecretAccessKey\": \"{AWS}\" → \"SecretAccessKey\": \"[redacted:aws-secret-access-key]\"",
        "aws_session_token = IQoJ{AWS} x → aws_session_token = [redacted:session-token] x",
        "client_secret=abc&grant_type=x → client_secret=[redacted:secret]&grant_type=x",
        "DB_PASSWORD: hunter2 # → DB_PASSWORD: [redacted:password] #",
        "CO_API_KEY={KEY} TOGETHER_API_KEY={KEY} → CO_API_KEY=[redacted:api-key] TOGETHER_API_KEY=[redacted:api-key]",
        "AZURE_OPENAI_API_KEY={LONG}. → AZURE_OPENAI_API_KEY=[redacted:api-key].",
        "routing_key: {KEY} → routing_key: [redacted:key]",
        "Invalid API key: {KEY}, sorry → Invalid API key: [redacted:api-key], sorry",
        "Invalid API key '{KEY}' → Invalid API key '[redacted:api-key]'",
        "The mistral key {KEY} is refused → The mistral key [redacted:api-key] is refused",
        "sent Bearer\n{KEY} to → sent Bearer\n[redacted:bearer-token] to",
        "Authorization: Bearer\n{KEY} → Authorization: Bearer\n[redacted:bearer-token]",
        "{\"key1\":\"{KEY}\",\"key2\":\"{KEY}\"} → {\"key1\":\"[redacted:key]\",\"key2\":\"[redacted:key]\"}",
        "OPENAI_API_KEY_2={KEY} x → OPENAI_API_KEY_2=[redacted:api-key] x",
        "'authorization': '[secure]' → 'authorization': '[redacted:authorization]'",
        "Token: {KEY} → Token: [redacted:token]",
      })
  void redact_replacesWhatStandsAfterASecretName(String row) {
    String[] columns = filled(row).split(" → ", 2);
    String redacted = REDACTOR.redact(columns[0]);
    assertThat(redacted).isEqualTo(columns[1]);
    assertThat(REDACTOR.redact(redacted)).as("twice").isSameAs(redacted);
  }

  private static String filled(String text) {
    return text.replace("{KEY}", HEX_KEY)
        .replace("{KEY", HEX_KEY)
        .replace("{LONG}", LONG_KEY)
        .replace("{AWS}", AWS_SECRET);
  }
}
