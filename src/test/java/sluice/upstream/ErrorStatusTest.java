package sluice.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.call.Bytes;

/// An error that came under status 200 means what it says.
class ErrorStatusTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'error':{'code':429,'type':'x'}} | 429",
                "{'error':{'type':'overloaded_error'}} | 503",
                "{'error':{'type':'tokens','code':'rate_limit_exceeded'}} | 429",
                "{'status':'failed','error':{'code':'context_length_exceeded','message':'m'}} | 400",
                "{'status':'failed','error':{'code':'insufficient_quota','message':'m'}} | 429",
                "{'type':'error','code':'rate_limit_exceeded','message':'m','param':null} | 429",
                "{'error_code':'REQUEST_LIMIT_EXCEEDED','message':'m'} | 429",
                "{'error_code':'INTERNAL_ERROR','message':'m'} | 502",
                "{'status':'failed','error':{'code':'server_error','message':'m'}} | 502",
                "[] | 502",
            })
    void itsWordsAreReadWhereItHasNoNumber(String document, int status) {
        assertThat(ErrorStatus.of(Bytes.utf8(document.replace('\'', '"')))).isEqualTo(status);
    }
}
