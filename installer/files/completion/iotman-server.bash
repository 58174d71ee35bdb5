# Completion of iotman-server for bash.

_iotman_server()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
    COMPREPLY=()
    # Of --OPTION=VALUE, bash makes three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = && $COMP_CWORD -gt 2 ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [[ $COMP_CWORD -eq 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'serve apply export import member token snapshot replay check contract version help --help --version' -- "$word")
        return
    fi
    case $before in
        --data)
            mapfile -t COMPREPLY < <(compgen -d -- "$word")
            return ;;
        --workspace | --junit | --tls-cert | --tls-key)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return ;;
        --format)
            mapfile -t COMPREPLY < <(compgen -W 'csv tsv ndjson json' -- "$word")
            return ;;
        --encoding)
            mapfile -t COMPREPLY < <(compgen -W 'utf-8 utf-16le utf-16be cp949 latin-1 windows-1252' -- "$word")
            return ;;
        --time-unit)
            mapfile -t COMPREPLY < <(compgen -W 's ms us ns iso dmy mdy yyyymmdd year' -- "$word")
            return ;;
        --contract)
            mapfile -t COMPREPLY < <(compgen -W 'hosted extended' -- "$word")
            return ;;
        --role)
            mapfile -t COMPREPLY < <(compgen -W 'viewer editor admin' -- "$word")
            return ;;
        --listen | --base-url | --host | --trusted-proxy | --source | --time-column | --zone | --client | --member | --token-url | --pause)
            return ;;
    esac
    local options=--data
    case $verb in
        serve) options+=' --listen --ephemeral --workspace --base-url --host --contract --trusted-proxy --tls-cert --tls-key' ;;
        apply) options+=' --dry-run --yes' ;;
        import) options+=' --source --format --encoding --time-column --time-unit --zone --skip-bad' ;;
        member) options+=' --role' ;;
        token) options+=' --client --member' ;;
        contract) options='--client --token-url --junit --pause' ;;
        version | help) options= ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    elif [[ $verb == apply || $verb == import ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [[ $verb == member && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W add -- "$word")
    elif [[ $verb == snapshot && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'save restore reset delete list' -- "$word")
    elif [[ $verb == replay && $COMP_CWORD -eq 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'show pause resume step speed' -- "$word")
    fi
}
complete -o filenames -F _iotman_server iotman-server
